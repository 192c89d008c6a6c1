// Small things that stand in texts and cells.
import { Label } from '@patternfly/react-core/dist/esm/components/Label/index.js';
import type { ReactNode } from 'react';

type Tone = 'green' | 'red' | 'orange' | 'blue' | 'grey' | 'purple' | 'teal';

const TONES: Readonly<Record<string, readonly [Tone, string]>> = {
  running: ['green', 'Running'],
  healthy: ['green', 'Healthy'],
  ok: ['green', 'OK'],
  late: ['red', 'Late'],
  refused: ['orange', 'Refused'],
  held: ['red', 'Held'],
  up: ['green', 'Up'],
  down: ['red', 'Down'],
  degraded: ['orange', 'Degraded'],
  failing: ['red', 'Failing'],
  starting: ['blue', 'Starting'],
  warning: ['orange', 'Warning'],
  critical: ['red', 'Critical'],
  stopped: ['grey', 'Stopped'],
  pending: ['blue', 'Pending'],
  failed: ['red', 'Failed'],
  active: ['green', 'Active'],
  leaving: ['orange', 'Leaving'],
  approved: ['green', 'Approved'],
  rejected: ['red', 'Rejected'],
  used: ['grey', 'Used'],
  expired: ['grey', 'Expired'],
  allow: ['green', 'Allowed'],
  deny: ['red', 'Denied'],
  approval: ['orange', 'Second person'],
  unavailable: ['red', 'No answer'],
  low: ['green', 'Low'],
  medium: ['orange', 'Medium'],
  high: ['red', 'High'],
  enforce: ['red', 'Enforce'],
  warn: ['orange', 'Warn'],
  shadow: ['grey', 'Shadow'],
  enabled: ['green', 'Enabled'],
  disabled: ['grey', 'Disabled'],
  revoked: ['red', 'Revoked'],
  trying: ['blue', 'Trying'],
  committing: ['blue', 'Taking over'],
  done: ['green', 'Done'],
  rolled_back: ['red', 'Rolled back'],
  cancelled: ['grey', 'Cancelled'],
  waiting: ['grey', 'Waiting'],
  moved: ['green', 'Moved'],
  back: ['orange', 'Back'],
  skipped: ['orange', 'Skipped'],
  passed: ['green', 'Passed'],
  noted: ['grey', 'Noted'],
  undecided: ['orange', 'Undecided'],
};

/** A state as a label; colour and word say the same. */
export function State({ of }: { of: string }): ReactNode {
  const [colour, word] = TONES[of] ?? ['grey', of];
  return (
    <Label color={colour} isCompact variant="outline">
      {word}
    </Label>
  );
}

/** A label of one's own. */
export function Tag({ colour, children }: { colour: Tone; children: ReactNode }): ReactNode {
  return (
    <Label color={colour} isCompact variant="outline">
      {children}
    </Label>
  );
}

export function Mono({ children }: { children: ReactNode }): ReactNode {
  return <code className="mono">{children}</code>;
}

/** A digest or key, shortened; the whole is in its title. */
export function Short({ text, length = 12 }: { text: string; length?: number }): ReactNode {
  const bare = text.replace(/^sha256:/, '');
  return (
    <code className="mono" title={text}>
      {bare.length > length ? `${bare.slice(0, length)}…` : bare}
    </code>
  );
}

const STEPS: readonly (readonly [number, Intl.RelativeTimeFormatUnit])[] = [
  [60, 'second'],
  [60, 'minute'],
  [24, 'hour'],
  [30, 'day'],
  [12, 'month'],
  [Number.POSITIVE_INFINITY, 'year'],
];

/** How long ago, or until, in words. */
export function ago(at: string, now: number): string {
  let value = (Date.parse(at) - now) / 1000;
  for (const [size, unit] of STEPS) {
    if (Math.abs(value) < size) return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(value), unit);
    value /= size;
  }
  return at;
}

/** A point in time: how long ago, and exactly in the title. */
export function Time({ at }: { at: string | null | undefined }): ReactNode {
  if (!at) return <span className="dim">–</span>;
  return (
    <time dateTime={at} title={at}>
      {ago(at, Date.now())}
    </time>
  );
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** A document as text, for people who want to see exactly what there is. */
export function Json({ value, label }: { value: unknown; label: string }): ReactNode {
  return (
    <pre className="json" tabIndex={0} role="region" aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}

/** Names and what they have, in two columns. */
export function Facts({ of }: { of: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <dl className="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
