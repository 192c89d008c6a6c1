// Rollouts: a newer version tried beside the old one, step by step; how it goes, and what took it back.
import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form/index.js';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect/index.js';
import { useQuery as useServer } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { ask, read, type Schemas } from '../api/client';
import { compared, seenIn, type Compared } from '../rollout/report';
import { cliSteps, newest, steps, type Wanted } from '../rollout/steps';
import { ActButton, ActDialog } from '../ui/act';
import { CopyAs } from '../ui/copy';
import { TextField } from '../ui/field';
import { List, useLive } from '../ui/list';
import { Card, Page } from '../ui/page';
import { Failure } from '../ui/problem';
import { ProblemText } from '../ui/problem-text';
import { Facts, Mono, State, Tag, Time } from '../ui/text';
import { To, useGo } from '../ui/to';

type Rollout = Schemas['Rollout'];

const GOING: readonly string[] = ['trying', 'committing'];

export function Rollouts(): ReactNode {
  const { name = '' } = useParams({ strict: false }) as { name?: string };
  return (
    <Page
      title={`Rollouts of ${name}`}
      sub="A newer version gets calls beside the old one, and goes back by itself when it does worse."
      actions={
        <ActButton right="PLATFORM_WRITE" variant="primary" dialog={(close) => <Start name={name} onClose={close} />}>
          Roll a version out
        </ActButton>
      }
    >
      <List<Rollout>
        label="Rollouts"
        path="/api/adapters/{name}/rollouts"
        names={{ name }}
        columns={[
          {
            name: 'Version',
            cell: (one) => (
              <To to="/rollouts/$id" params={{ id: one.id }}>
                {one.version}
              </To>
            ),
          },
          { name: 'State', narrow: true, cell: (one) => <State of={one.state} /> },
          { name: 'Step', narrow: true, cell: (one) => `${one.step} of ${one.steps.length}` },
          { name: 'Instances', narrow: true, cell: (one) => one.members.length },
          { name: 'Because', cell: (one) => one.problem?.detail ?? '' },
          { name: 'By', cell: (one) => <Mono>{one.actor}</Mono> },
          { name: 'Begun', narrow: true, cell: (one) => <Time at={one.startedAt} /> },
          { name: 'Ended', narrow: true, cell: (one) => <Time at={one.endedAt} /> },
        ]}
        rowKey={(one) => one.id}
        cli={`maestro rollout list ${name}`}
        empty={<p>No version of {name} was rolled out yet. A single instance goes to another version on its own page.</p>}
      />
    </Page>
  );
}

export function RolloutPage(): ReactNode {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  // its numbers are no events
  const rollout = useLive(
    ['rollout', id],
    (signal) => read('/api/rollouts/{rollout}', { path: { rollout: id }, signal }),
    true,
    (one) => one !== undefined && GOING.includes(one.state) && 2_000,
  );
  if (rollout.isError) return <Failure error={rollout.error} />;
  const one = rollout.data;
  if (!one) return null;
  return (
    <Page
      title={`${one.adapter} to ${one.version}`}
      sub={<State of={one.state} />}
      actions={
        <>
          <CopyAs cli={`maestro rollout show ${one.id}`} address={`/api/rollouts/${one.id}`} />
          {one.state === 'trying' && (
            <ActButton right="PLATFORM_WRITE" variant="danger" dialog={(close) => <Cancel rollout={one} onClose={close} />}>
              Take everything back
            </ActButton>
          )}
        </>
      }
    >
      {one.problem !== null && (
        <Card title="Why it went back">
          <ProblemText problem={one.problem} />
          <Breach report={one.report} />
        </Card>
      )}
      <Comparison seen={one.seen} percentile={one.gates.percentile} />
      <div className="columns two">
        <Card title="Steps">
          <Steps rollout={one} />
        </Card>
        <Card title="Gates">
          <Facts
            of={[
              ['Errors', `at most ${percent(one.gates.errors)} more than the old version`],
              ['Refusals', `at most ${percent(one.gates.refusals)} more`],
              ['Latency', `${percent(one.gates.percentile)} of calls within ${one.gates.slowdown} times the old time and ${one.gates.slackMs} ms`],
              ['Answers', one.gates.shadow ? `compared in shadow; at most ${percent(one.gates.differences)} may differ` : 'not compared'],
              ['Begun', <span key="begun"><Time at={one.startedAt} /> by <Mono>{one.actor}</Mono></span>],
              ['Ended', <Time key="ended" at={one.endedAt} />],
            ]}
          />
        </Card>
      </div>
      <Members rollout={one} />
    </Page>
  );
}

function Comparison({ seen, percentile }: { seen: unknown; percentile: number }): ReactNode {
  const told = seenIn(seen);
  if (told === null) return null;
  return (
    <Card title="Old and new, side by side">
      <div className="table-box" tabIndex={0} role="region" aria-label="Old and new, table">
        <table aria-label="Old and new">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Calls</th>
              <th scope="col">Failed</th>
              <th scope="col">Refused</th>
              <th scope="col">{percent(percentile)} within</th>
            </tr>
          </thead>
          <tbody>
            {([['Old', told.old], ['New', told.fresh]] as const).map(([name, side]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{side.calls}</td>
                <td>{side.failed}</td>
                <td>{side.refused}</td>
                <td>{side.time}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="dim">
        In this step, for a minute at most; seen <Time at={told.at} />.{told.different !== null && ` Of the answers that were compared, ${told.different} differed.`}
      </p>
    </Card>
  );
}

function Steps({ rollout }: { rollout: Rollout }): ReactNode {
  const going = GOING.includes(rollout.state);
  return (
    <ol className="causes">
      {rollout.steps.map((step, i) => (
        <li key={i} aria-current={going && i + 1 === rollout.step ? 'step' : undefined}>
          {who(step)}, {step.percent} % of calls, for {step.holdSeconds} s{step.calls > 0 && ` and ${step.calls} calls`}{' '}
          {going && i + 1 === rollout.step && <Tag colour="blue">now</Tag>}
        </li>
      ))}
    </ol>
  );
}

function who(step: Schemas['RolloutStep']): string {
  const named = [...step.tenants, ...step.instances.map((place) => `${place.tenant}/${place.environment}/${place.instance}`)];
  return named.length === 0 ? 'All that are left' : named.join(', ');
}

function Breach({ report }: { report: unknown }): ReactNode {
  const seen: Compared | null = compared(report);
  if (seen === null) return null;
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="What was measured, table">
      <table aria-label="What was measured">
        <thead>
          <tr>
            <th scope="col">Gate</th>
            <th scope="col">Old version</th>
            <th scope="col">New version</th>
            <th scope="col">Limit</th>
            <th scope="col">Calls</th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{seen.gate}</th>
            <td>{seen.old}</td>
            <td className="wrong-value">{seen.fresh}</td>
            <td>{seen.limit}</td>
            <td>{seen.calls}</td>
            <td>{seen.where}</td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Members({ rollout }: { rollout: Rollout }): ReactNode {
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="Instances, table">
      <table aria-label="Instances">
        <thead>
          <tr>
            <th scope="col">Instance</th>
            <th scope="col">Tenant</th>
            <th scope="col">Environment</th>
            <th scope="col">From</th>
            <th scope="col">Progress</th>
            <th scope="col">Because</th>
          </tr>
        </thead>
        <tbody>
          {rollout.members.map((one) => (
            <tr key={`${one.tenant}/${one.environment}/${one.instance}`}>
              <th scope="row">
                <To to="/instances/$instance" params={{ instance: one.instance }} search={{ tenant: one.tenant, environment: one.environment }}>
                  {one.instance}
                </To>
              </th>
              <td>{one.tenant}</td>
              <td>{one.environment}</td>
              <td>
                <Mono>{one.from}</Mono>
              </td>
              <td>
                <State of={one.progress} />
              </td>
              <td>{one.problem?.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

function Cancel({ rollout, onClose }: { rollout: Rollout; onClose: () => void }): ReactNode {
  return (
    <ActDialog
      title={`Take ${rollout.adapter} ${rollout.version} back`}
      verb="Take back"
      danger
      command={{ cli: `maestro rollout cancel ${rollout.id}`, method: 'POST', address: `/api/rollouts/${rollout.id}/cancel` }}
      run={({ approval }) => ask('post', '/api/rollouts/{rollout}/cancel', { path: { rollout: rollout.id }, approval })}
      onClose={onClose}
    >
      <p>All calls go to the old versions again within a second or two; what the new ones have under way they finish. The instances were not changed yet.</p>
    </ActDialog>
  );
}

function Start({ name, onClose }: { name: string; onClose: () => void }): ReactNode {
  const go = useGo();
  const offered = useServer({ queryKey: ['versions-of', name], queryFn: ({ signal }) => read('/api/adapters', { path: {}, query: { name, sort: '-name', limit: 100 }, signal }) });
  const versions = (offered.data?.items ?? []).map((one) => one.version);
  const [chosen, setChosen] = useState('');
  const [wanted, setWanted] = useState<Wanted>({ tenants: '', percent: '10', hold: '30', rest: '30' });
  const [shadow, setShadow] = useState(false);
  const set = (changed: Partial<Wanted>) => setWanted({ ...wanted, ...changed });
  const version = chosen || newest(versions);
  const planned = steps(wanted);
  const body = { version, steps: planned, ...(shadow ? { gates: { shadow: true } } : {}) };
  return (
    <ActDialog
      title={`Roll a version of ${name} out`}
      verb="Begin"
      wide
      ready={version !== '' && planned !== null}
      command={{
        cli: `maestro rollout start ${name} --to ${version}${(planned ?? []).map((step) => ` --step "${cliSteps(step)}"`).join('')}${shadow ? ' --gate shadow=true' : ''}`,
        method: 'POST',
        address: `/api/adapters/${name}/rollouts`,
        body,
      }}
      run={({ key, approval }) => ask('post', '/api/adapters/{name}/rollouts', { path: { name }, body, key, approval })}
      onDone={({ value }) => go('/rollouts/$id', { id: value.id })}
      onClose={onClose}
    >
      <p>The instances stay as they are until every step has gone well; then all of them change. When the new version does worse, all calls are with the old one again at once.</p>
      {offered.isError && <Failure error={offered.error} />}
      {offered.isSuccess && versions.length === 0 && <p className="dim">No version of {name} is installed.</p>}
      <FormGroup label="Version" fieldId="rollout-version">
        <FormSelect id="rollout-version" value={version} onChange={(_, value) => setChosen(value)}>
          {versions.map((one) => (
            <FormSelectOption key={one} value={one} label={one} />
          ))}
        </FormSelect>
      </FormGroup>
      <div className="fields">
        <TextField label="First these tenants" value={wanted.tenants} onChange={(tenants) => set({ tenants })} help="Names with commas between; none: everybody at once." />
        <TextField label="Share of their calls, %" value={wanted.percent} onChange={(text) => set({ percent: text })} required />
        <TextField label="Watched for, s" value={wanted.hold} onChange={(hold) => set({ hold })} required />
        <TextField label="Then all, watched for, s" value={wanted.rest} onChange={(rest) => set({ rest })} required />
      </div>
      {planned === null && <p className="wrong">The share is a whole number from 1 to 100, and the times are whole seconds from 1 to 86400.</p>}
      <label>
        <input type="checkbox" checked={shadow} onChange={(event) => setShadow(event.target.checked)} /> Compare the answers of calls that change nothing with the old version&apos;s
      </label>
    </ActDialog>
  );
}
