// How an instance does: its calls, its breaker, and what it says itself of the system behind it.
import type { ReactNode } from 'react';
import { address, read, type Schemas } from '../api/client';
import { CopyAs } from '../ui/copy';
import { useLive } from '../ui/list';
import { Card } from '../ui/page';
import { Failure } from '../ui/problem';
import { Facts, Mono, State, Time } from '../ui/text';
import { Hour } from './hour';
import { ONE, type Names } from './names';
import { milliseconds, share } from './numbers';

/** Calls are no events: what tells of them is asked for again so often. */
export const CALLS_MS = 15_000;

export function HealthCard({ names }: { names: Names }): ReactNode {
  const health = useLive(['instance-health', names], (signal) => read(`${ONE}/health`, { path: names, signal }), true, () => CALLS_MS);
  const one = health.data;
  return (
    <Card
      title="Health"
      actions={<CopyAs cli={`maestro instance health ${names.instance} -t ${names.tenant} -e ${names.environment}`} address={address(`${ONE}/health`, { path: names } as never)} />}
    >
      {health.isError && <Failure error={health.error} />}
      {one && (
        <>
          <Facts
            of={[
              ['State', <State key="state" of={one.state} />],
              ...(one.reason === null ? [] : ([['Because', one.reason]] as const)),
              ['It says', <Said key="probe" probe={one.probe} />],
              ['Breaker', one.breaker.state === 'closed' ? 'closed: calls go through' : <Since key="breaker" what={one.breaker.state === 'open' ? 'open: calls are refused' : 'half open: a few calls try'} at={one.breaker.since} />],
              ['Under way', `${one.bulkhead.running} of at most ${one.bulkhead.limit} calls`],
              ['Last success', <Time key="success" at={one.lastSuccess} />],
              ['Last failure', one.lastFailure === null ? <span key="failure" className="dim">none</span> : <Failed key="failure" failure={one.lastFailure} />],
            ]}
          />
          <Windows windows={one.windows} />
          <Hour series={one.series} />
        </>
      )}
    </Card>
  );
}

function Said({ probe }: { probe: Schemas['Probe'] }): ReactNode {
  if (probe.state === 'unknown') return <span className="dim">not asked yet</span>;
  return (
    <>
      {probe.state}
      {probe.reason !== null && `: ${probe.reason}`} <span className="dim">since <Time at={probe.since} /></span>
    </>
  );
}

function Since({ what, at }: { what: string; at: string | null }): ReactNode {
  return (
    <>
      {what}, since <Time at={at} />
    </>
  );
}

function Failed({ failure }: { failure: Schemas['Failure'] }): ReactNode {
  return (
    <>
      <Time at={failure.at} /> <Mono>{failure.code}</Mono>
    </>
  );
}

function Windows({ windows }: { windows: readonly Schemas['Window'][] }): ReactNode {
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="Calls lately, table">
      <table aria-label="Calls lately">
        <thead>
          <tr>
            <th scope="col">Last</th>
            <th scope="col">Calls</th>
            <th scope="col">Errors</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          {windows.map((one) => (
            <tr key={one.minutes}>
              <th scope="row">{one.minutes} min</th>
              <td>{one.requests}</td>
              <td>{share(one)}</td>
              <td>{milliseconds(one.p50)}</td>
              <td>{milliseconds(one.p95)}</td>
              <td>{milliseconds(one.p99)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
