// The last hour of an instance, minute by minute.
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { Facts } from '../ui/text';
import { sum } from '../ui/trend';
import { Trend } from '../ui/trend-line';
import { milliseconds } from './numbers';

type Series = Schemas['Series'];

/** Calls, with errors over them: for a cell. */
export function HourCell({ series }: { series: Series | null }): ReactNode {
  const calls = sum(series?.requests ?? []);
  if (series === null || calls === 0) return <span className="dim">–</span>;
  return <Trend label={`${calls === 1 ? '1 call' : `${calls} calls`} in the last hour, ${sum(series.errors)} of them errors`} values={series.requests} bad={series.errors} />;
}

export function Hour({ series }: { series: Series | null }): ReactNode {
  const calls = sum(series?.requests ?? []);
  if (series === null || calls === 0) return <p className="dim">No call in the last hour on this node.</p>;
  const errors = sum(series.errors);
  const slowest = Math.max(...series.p95.map((value) => value ?? 0));
  return (
    <section aria-label="The last hour">
      <h3>The last hour</h3>
      <Facts
        of={[
          ['Calls', <Line key="calls" label="Calls by the minute" values={series.requests} text={String(calls)} />],
          ['Errors', <Line key="errors" label="Errors by the minute" values={[]} bad={series.errors} text={String(errors)} />],
          ['p95', <Line key="p95" label="p95 by the minute" values={series.p95} text={`at most ${milliseconds(slowest)}`} />],
        ]}
      />
    </section>
  );
}

function Line({ label, text, ...lines }: { label: string; text: string; values: readonly (number | null)[]; bad?: readonly (number | null)[] }): ReactNode {
  return (
    <>
      <Trend label={`${label}: ${text}`} {...lines} /> {text}
    </>
  );
}
