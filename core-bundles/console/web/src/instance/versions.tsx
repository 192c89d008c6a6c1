// The versions that an instance has been, and how it goes to another one and back.
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect/index.js';
import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form/index.js';
import { useQuery as useServer } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { address, ask, read, type Schemas } from '../api/client';
import { ActButton, ActDialog } from '../ui/act';
import { CopyAs } from '../ui/copy';
import { useLive } from '../ui/list';
import { Card } from '../ui/page';
import { Failure } from '../ui/problem';
import { Facts, Json, State, Time } from '../ui/text';
import { newest } from '../rollout/steps';
import { changes } from './changes';
import { ONE, type Names } from './names';

type Plan = Schemas['Plan'];

export function VersionsCard({ names, adapter, etag }: { names: Names; adapter: string; etag: string | null }): ReactNode {
  const versions = useLive(['versions', names], (signal) => read(`${ONE}/versions`, { path: names, query: { limit: 10 }, signal }));
  const past = versions.data?.items ?? [];
  const where = `-t ${names.tenant} -e ${names.environment}`;
  return (
    <Card
      title="Versions"
      actions={
        <>
          <CopyAs cli={`maestro instance versions ${names.instance} ${where}`} address={address(`${ONE}/versions`, { path: names } as never)} />
          <ActButton right="TENANT_WRITE" dialog={(close) => <Upgrade names={names} adapter={adapter} etag={etag} onClose={close} />}>
            Upgrade
          </ActButton>
          <ActButton right="TENANT_WRITE" disabled={past.length < 2} dialog={(close) => <Rollback names={names} etag={etag} onClose={close} />}>
            Roll back
          </ActButton>
        </>
      }
    >
      {versions.isError && <Failure error={versions.error} />}
      <ul className="plain">
        {past.map((one, i) => (
          <li key={one.number}>
            {i === 0 ? <strong>{one.adapter}</strong> : one.adapter}{' '}
            <span className="dim">
              {one.why} by {one.actor}, <Time at={one.since} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Upgrade({ names, adapter, etag, onClose }: { names: Names; adapter: string; etag: string | null; onClose: () => void }): ReactNode {
  const [name = '', present = ''] = adapter.split('@');
  const offered = useServer({ queryKey: ['versions-of', name], queryFn: ({ signal }) => read('/api/adapters', { path: {}, query: { name, sort: '-name', limit: 100 }, signal }) });
  const versions = (offered.data?.items ?? []).map((one) => one.version).filter((version) => version !== present);
  const [chosen, setChosen] = useState('');
  const version = chosen || newest(versions);
  return (
    <Moving
      title={`Take ${names.instance} to another version`}
      verb="Upgrade"
      path={`${ONE}/upgrade`}
      names={names}
      etag={etag}
      body={version === '' ? undefined : { version }}
      cli={`maestro instance upgrade ${names.instance} --to ${version} -t ${names.tenant} -e ${names.environment}`}
      onClose={onClose}
    >
      <p>It opens beside the present one and proves itself. Calls under way finish on the old one; none is lost. When it does not open, everything stays.</p>
      {offered.isError && <Failure error={offered.error} />}
      {offered.isSuccess && versions.length === 0 && <p className="dim">No other version of {name} is installed.</p>}
      {versions.length > 0 && (
        <FormGroup label="Version" fieldId="version">
          <FormSelect id="version" value={version} onChange={(_, value) => setChosen(value)}>
            {versions.map((one) => (
              <FormSelectOption key={one} value={one} label={one} />
            ))}
          </FormSelect>
        </FormGroup>
      )}
    </Moving>
  );
}

function Rollback({ names, etag, onClose }: { names: Names; etag: string | null; onClose: () => void }): ReactNode {
  return (
    <Moving
      title={`Take ${names.instance} back`}
      verb="Roll back"
      path={`${ONE}/rollback`}
      names={names}
      etag={etag}
      body={{}}
      cli={`maestro instance rollback ${names.instance} -t ${names.tenant} -e ${names.environment}`}
      onClose={onClose}
    >
      <p>It becomes what it was before the last change of its version, with the configuration of then and the newest secrets.</p>
    </Moving>
  );
}

interface MovingProps {
  readonly title: string;
  readonly verb: string;
  readonly path: `${typeof ONE}/upgrade` | `${typeof ONE}/rollback`;
  readonly names: Names;
  readonly etag: string | null;
  /** null or undefined while there is nothing to move to */
  readonly body: { readonly version?: string } | undefined;
  readonly cli: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Shows what the act would do, and does only that. */
function Moving({ title, verb, path, names, etag, body, cli, onClose, children }: MovingProps): ReactNode {
  const plan = useServer({
    queryKey: ['plan', path, names, body, etag],
    queryFn: async ({ signal }) => (await ask('post', path, { path: names, query: { dryRun: 'true' }, body, signal })).value as unknown as Plan,
    enabled: body !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  const refused = plan.data?.policy.outcome === 'deny';
  return (
    <ActDialog
      title={title}
      verb={verb}
      wide
      ready={plan.isSuccess && !refused}
      command={{ cli, method: 'POST', address: address(path, { path: names } as never), body }}
      run={({ key, approval }) => ask('post', path, { path: names, query: { plan: plan.data?.digest }, body, ifMatch: etag, key, approval })}
      onClose={onClose}
    >
      {children}
      {plan.isError && <Failure error={plan.error} />}
      {plan.data && <PlanView plan={plan.data} />}
    </ActDialog>
  );
}

export function PlanView({ plan }: { plan: Plan }): ReactNode {
  const effects: readonly (readonly [string, readonly string[]])[] = [
    ['Installs', plan.effects.bundlesInstalled],
    ['Removes', plan.effects.bundlesRemoved],
    ['Opens', plan.effects.instancesOpened],
    ['Switches', plan.effects.instancesSwitched],
    ['Closes', plan.effects.instancesClosed],
    ['Touches', plan.effects.tenantsTouched],
    ['May now', [...plan.permissions.gained, ...plan.permissions.importsGained]],
    ['May no more', [...plan.permissions.lost, ...plan.permissions.importsLost]],
    ['Configuration', plan.configuration?.steps ?? []],
    ['Properties', plan.configuration === null || plan.configuration.steps.length > 0 ? [] : changes(plan.configuration.before ?? {}, plan.configuration.after)],
    ['Approvals', plan.policy.approvals],
    ['Mind', plan.notes],
  ];
  return (
    <section className="plan" aria-label="Plan">
      <h3>
        The plan <State of={plan.policy.outcome} />
      </h3>
      <Facts
        of={[
          ...(plan.from === null || plan.to === null ? [] : ([['From, to', `${plan.from} → ${plan.to}`]] as const)),
          ...effects.filter(([, what]) => what.length > 0).map(([name, what]) => [name, what.join(', ')] as const),
          ...(plan.undo === null ? ([['Undo', 'cannot be taken back']] as const) : ([['Undo', <code key="undo" className="mono">{plan.undo.command}</code>]] as const)),
        ]}
      />
      {plan.policy.reasons.map((reason) => (
        <p key={reason.rule} className="fix">
          {reason.message}. {reason.remediation}
        </p>
      ))}
      {plan.configuration !== null && plan.configuration.steps.length > 0 && <Json value={plan.configuration.after} label="Configuration afterwards" />}
    </section>
  );
}
