import type { Schemas } from '../api/client';

/** What the form of a rollout asks for, as it was typed. */
export interface Wanted {
  /** with commas between; none for everybody at once */
  readonly tenants: string;
  readonly percent: string;
  readonly hold: string;
  readonly rest: string;
}

export type Step = Pick<Schemas['NewStep'], 'tenants' | 'percent' | 'holdSeconds'>;

/** The steps that are meant, or null when a number is none. */
export function steps(wanted: Wanted): Step[] | null {
  const percent = whole(wanted.percent, 100);
  const hold = whole(wanted.hold, 86_400);
  const rest = whole(wanted.rest, 86_400);
  if (percent === null || hold === null || rest === null) return null;
  const tenants = wanted.tenants
    .split(/[\s,]+/)
    .map((tenant) => tenant.trim())
    .filter((tenant) => tenant !== '');
  const last: Step = { holdSeconds: rest };
  if (tenants.length === 0) return percent === 100 ? [{ holdSeconds: hold }] : [{ percent, holdSeconds: hold }, last];
  return [{ tenants, percent, holdSeconds: hold }, last];
}

/** A step as the command line writes it. */
export function cliSteps(step: Step): string {
  return [
    ...(step.tenants ? [`tenants=${step.tenants.join(',')}`] : []),
    ...(typeof step.percent === 'number' ? [`percent=${step.percent}`] : []),
    ...(typeof step.holdSeconds === 'number' ? [`hold=${step.holdSeconds}`] : []),
  ].join(' ');
}

function whole(text: string, most: number): number | null {
  const value = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : null;
}

/** The version to offer of those that the server lists, the newest first: no pre-release, as long as there is another one. */
export function newest(versions: readonly string[]): string {
  return versions.find((version) => !version.includes('-')) ?? versions[0] ?? '';
}
