// What decides, what it decided, why, and what it would decide.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { Form } from '@patternfly/react-core/dist/esm/components/Form/index.js';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect/index.js';
import { TextArea } from '@patternfly/react-core/dist/esm/components/TextArea/index.js';
import { useMutation, useQuery as useServer } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { ask, read, type Answer, type Schemas } from '../api/client';
import { UNTOLD_MS } from '../live';
import { may, usePrincipal } from '../session';
import { ActButton, ActDialog } from '../ui/act';
import { CopyAs } from '../ui/copy';
import { Field, TextField } from '../ui/field';
import { List, useLive } from '../ui/list';
import { Card, Page } from '../ui/page';
import { Failure, Teaching } from '../ui/problem';
import { ProblemText } from '../ui/problem-text';
import { Facts, Json, Mono, Short, State, Tag, Time } from '../ui/text';
import { To, useQuery, useScope } from '../ui/to';

type Document = Schemas['PolicyDocument'];
type Pack = Schemas['PolicyPack'];
type Decision = Schemas['Decision'];

interface Modes {
  readonly packs?: Readonly<Record<string, string>>;
  readonly rules?: Readonly<Record<string, string>>;
}

/** Of the tenant that is chosen, else of the installation, for whoever may see that. */
function OfTenant({ children }: { children: (tenant: string | null) => ReactNode }): ReactNode {
  const scope = useScope();
  const principal = usePrincipal();
  if (scope.tenant === null && !may(principal, 'PLATFORM_AUDIT')) {
    return (
      <Teaching title="Choose a tenant">
        <p>Policies of the installation are shown to its admins and auditors.</p>
      </Teaching>
    );
  }
  return children(scope.tenant);
}

const whose = (tenant: string | null) => (tenant === null ? 'Of the installation' : `Of ${tenant}, in addition to those of the installation`);
const option = (tenant: string | null) => (tenant === null ? '' : ` --tenant ${tenant}`);

export function Policy(): ReactNode {
  return (
    <OfTenant>
      {(tenant) => (
        <Page
          title="Policy"
          sub={whose(tenant)}
          actions={
            <>
              <To to="/policy/decisions">Decisions</To>
              <To to="/policy/simulate" className="link-button">
                Simulate
              </To>
            </>
          }
        >
          <Packs tenant={tenant} />
          <ModesCard tenant={tenant} />
          <Settings tenant={tenant} />
        </Page>
      )}
    </OfTenant>
  );
}

function Packs({ tenant }: { tenant: string | null }): ReactNode {
  const packs = useLive(['packs', tenant], (signal) => (tenant === null ? read('/api/policy/packs', { signal }) : read('/api/tenants/{tenant}/policy-packs', { path: { tenant }, signal })));
  return (
    <Card title="Packs" actions={<CopyAs cli={`maestro policy list${option(tenant)}`} address={tenant === null ? '/api/policy/packs' : `/api/tenants/${tenant}/policy-packs`} />}>
      {packs.isError && <Failure error={packs.error} />}
      <div className="table-box" tabIndex={0} role="region" aria-label="Packs, table">
        <table aria-label="Policy packs">
          <thead>
            <tr>
              {['Pack', 'Active revision', 'Tests', 'Signed by', 'Since', 'Last refused', 'Acts'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {packs.data?.items.map((pack) => (
              <PackRow key={pack.name} pack={pack} tenant={tenant} />
            ))}
          </tbody>
        </table>
        {packs.data?.items.length === 0 && (
          <div className="empty">
            <p>
              {tenant ?? 'The installation'} has no pack of its own. Write one in Rego, then <Mono>maestro policy build</Mono>, <Mono>sign</Mono> and <Mono>push</Mono>.
            </p>
          </div>
        )}
      </div>
    </Card>
  );
}

function PackRow({ pack, tenant }: { pack: Pack; tenant: string | null }): ReactNode {
  const active = pack.active as Schemas['PackRevision'] | null;
  const refused = pack.lastRefused as Schemas['PackRefusal'] | null;
  const back = pack.revisions.filter((one) => one.revision !== active?.revision);
  return (
    <tr>
      <th scope="row">
        {pack.name} {pack.builtIn && <Tag colour="blue">built in</Tag>}
      </th>
      <td>{active === null ? <span className="dim">none</span> : <Mono>{active.revision}</Mono>}</td>
      <td>{active?.tests ?? '–'}</td>
      <td>{active?.key ? <Mono>{active.key}</Mono> : <span className="dim">–</span>}</td>
      <td>
        <Time at={active?.uploadedAt} />
      </td>
      <td>
        {refused === null ? (
          <span className="dim">never</span>
        ) : (
          <details>
            <summary>
              <Time at={refused.at} />
            </summary>
            <ProblemText problem={refused.problem as Schemas['Problem']} />
          </details>
        )}
      </td>
      <td>
        {back.length > 0 && (
          <ActButton right={tenant === null ? 'PLATFORM_WRITE' : 'TENANT_WRITE'} small variant="link" dialog={(close) => <Rollback pack={pack} to={back} tenant={tenant} onClose={close} />}>
            Roll back
          </ActButton>
        )}
      </td>
    </tr>
  );
}

function Rollback({ pack, to, tenant, onClose }: { pack: Pack; to: readonly Schemas['PackRevision'][]; tenant: string | null; onClose: () => void }): ReactNode {
  const [revision, setRevision] = useState(to[0]?.revision ?? '');
  const address = tenant === null ? `/api/policy/packs/${pack.name}/rollback` : `/api/tenants/${tenant}/policy-packs/${pack.name}/rollback`;
  return (
    <ActDialog<unknown>
      title={`Roll ${pack.name} back`}
      verb="Roll back"
      danger
      command={{ cli: `maestro policy rollback ${pack.name} --revision ${revision}${option(tenant)}`, method: 'POST', address, body: { revision } }}
      run={({ approval }) =>
        tenant === null
          ? ask('post', '/api/policy/packs/{name}/rollback', { path: { name: pack.name }, body: { revision }, approval })
          : ask('post', '/api/tenants/{tenant}/policy-packs/{name}/rollback', { path: { tenant, name: pack.name }, body: { revision }, approval })
      }
      onClose={onClose}
    >
      <Field label="Revision that decides again">
        {(id) => (
          <FormSelect id={id} value={revision} onChange={(_, one) => setRevision(one)}>
            {to.map((one) => (
              <FormSelectOption key={one.revision} value={one.revision} label={`${one.revision}, by ${one.uploadedBy}`} />
            ))}
          </FormSelect>
        )}
      </Field>
    </ActDialog>
  );
}

function ModesCard({ tenant }: { tenant: string | null }): ReactNode {
  const modes = useLive<Answer<Document>>(['modes', tenant], (signal) => (tenant === null ? ask('get', '/api/policy/modes', { signal }) : ask('get', '/api/tenants/{tenant}/policy-modes', { path: { tenant }, signal })));
  const document = (modes.data?.value.document ?? {}) as Modes;
  const rows = [...Object.entries(document.packs ?? {}).map(([name, mode]) => ['pack', name, mode] as const), ...Object.entries(document.rules ?? {}).map(([name, mode]) => ['rule', name, mode] as const)];
  return (
    <Card
      title="Modes other than the packs say"
      actions={
        <ActButton right={tenant === null ? 'PLATFORM_WRITE' : 'TENANT_WRITE'} disabled={!modes.data} dialog={(close) => <SetMode now={document} etag={modes.data?.etag ?? null} tenant={tenant} onClose={close} />}>
          Set a mode
        </ActButton>
      }
    >
      {modes.isError && <Failure error={modes.error} />}
      {modes.data && rows.length === 0 && <p className="dim">None: every rule is taken as its pack says. Shadow records, warn tells, enforce refuses.</p>}
      <ul className="plain">
        {rows.map(([kind, name, mode]) => (
          <li key={kind + name}>
            {kind} <Mono>{name}</Mono> <State of={mode} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function SetMode({ now, etag, tenant, onClose }: { now: Modes; etag: string | null; tenant: string | null; onClose: () => void }): ReactNode {
  const [kind, setKind] = useState<'rules' | 'packs'>('rules');
  const [name, setName] = useState('');
  const [mode, setMode] = useState('shadow');
  const [held] = useState({ now, etag });
  const { [name]: _, ...others } = held.now[kind] ?? {};
  const body = { ...held.now, [kind]: mode === '' ? others : { ...others, [name]: mode } };
  return (
    <ActDialog<unknown>
      title="Set a mode"
      verb="Set"
      ready={name !== ''}
      danger={mode === 'shadow' || mode === 'warn'}
      command={{
        cli: `maestro policy mode ${mode === '' ? 'clear' : 'set'} --${kind === 'rules' ? 'rule' : 'pack'} ${name || 'NAME'}${mode === '' ? '' : ` ${mode}`}${option(tenant)}`,
        method: 'PUT',
        address: tenant === null ? '/api/policy/modes' : `/api/tenants/${tenant}/policy-modes`,
        body,
      }}
      run={({ approval }) =>
        tenant === null ? ask('put', '/api/policy/modes', { body, ifMatch: held.etag, approval }) : ask('put', '/api/tenants/{tenant}/policy-modes', { path: { tenant }, body, ifMatch: held.etag, approval })
      }
      onClose={onClose}
    >
      <Field label="Of">
        {(id) => (
          <FormSelect id={id} value={kind} onChange={(_, one) => setKind(one === 'packs' ? 'packs' : 'rules')}>
            <FormSelectOption value="rules" label="a rule" />
            <FormSelectOption value="packs" label="a pack" />
          </FormSelect>
        )}
      </Field>
      <TextField label="Name" value={name} onChange={setName} required />
      <Field label="Mode" help="Below enforce, acts that the rule is against are done.">
        {(id) => (
          <FormSelect id={id} value={mode} onChange={(_, one) => setMode(one)}>
            <FormSelectOption value="shadow" label="shadow: record" />
            <FormSelectOption value="warn" label="warn: allow and tell" />
            <FormSelectOption value="enforce" label="enforce: refuse" />
            <FormSelectOption value="" label="as the pack says" />
          </FormSelect>
        )}
      </Field>
    </ActDialog>
  );
}

function Settings({ tenant }: { tenant: string | null }): ReactNode {
  const settings = useLive<Document>(['settings', tenant], (signal) => (tenant === null ? read('/api/policy/settings', { signal }) : read('/api/tenants/{tenant}/policy-settings', { path: { tenant }, signal })));
  return (
    <Card title="Settings that the packs read" actions={<CopyAs cli={`maestro policy settings show${option(tenant)}`} address={tenant === null ? '/api/policy/settings' : `/api/tenants/${tenant}/policy-settings`} />}>
      {settings.isError && <Failure error={settings.error} />}
      {settings.data && (
        <>
          <Json value={settings.data.document} label="Settings" />
          {settings.data.updatedBy !== null && (
            <p className="dim">
              By <Mono>{settings.data.updatedBy}</Mono> <Time at={settings.data.updatedAt} />
            </p>
          )}
        </>
      )}
    </Card>
  );
}

export function DecisionsPage(): ReactNode {
  return (
    <OfTenant>
      {(tenant) => (
        <Page title="Decisions" sub="What the policy said before each act, call and use of a secret; newest first." actions={<To to="/policy/simulate" className="link-button">Simulate</To>}>
          <List<Decision>
            label="Decisions"
            path={tenant === null ? '/api/policy/decisions' : '/api/tenants/{tenant}/policy/decisions'}
            every={UNTOLD_MS}
            names={tenant === null ? {} : { tenant }}
            filters={[
              { name: 'outcome', label: 'Outcome', options: ['allow', 'deny', 'approval', 'unavailable'] },
              { name: 'path', label: 'Entry point' },
              { name: 'rule', label: 'Rule' },
              { name: 'actor', label: 'Actor' },
              { name: 'correlationId', label: 'Request' },
            ]}
            columns={[
              { name: 'Act', cell: (one) => <To to="/policy/decisions/$decision" params={{ decision: one.decision_id }} search={{ of: one.tenant ?? 'installation' }}>{one.action}</To> },
              { name: 'Entry point', narrow: true, cell: (one) => <Mono>{one.path}</Mono> },
              { name: 'Outcome', narrow: true, cell: (one) => <State of={one.result.outcome} /> },
              { name: 'Reasons', cell: (one) => one.result.reasons.map((reason) => <div key={reason.rule}><Mono>{reason.rule}</Mono> <span className="dim">{reason.mode}</span> {reason.message}</div>) },
              { name: 'Actor', cell: (one) => <Mono>{one.requested_by}</Mono> },
              { name: 'Where', narrow: true, cell: (one) => (one.tenant === null ? 'installation' : `${one.tenant}${one.environment === null ? '' : ` / ${one.environment}`}`) },
              { name: 'When', narrow: true, cell: (one) => <><Time at={one.timestamp} />{one.times > 1 && <span className="dim"> ×{one.times}</span>}</> },
            ]}
            rowKey={(one) => one.decision_id}
            cli={`maestro policy decisions${option(tenant)}`}
            empty={<p>No decision yet. Each is written down a moment after it is taken.</p>}
          />
        </Page>
      )}
    </OfTenant>
  );
}

export function ExplainPage(): ReactNode {
  const { decision = '' } = useParams({ strict: false }) as { decision?: string };
  const query = useQuery();
  const scope = useScope();
  const tenant = query['of'] === 'installation' ? null : (query['of'] ?? scope.tenant);
  const explained = useServer({
    queryKey: ['explain', tenant, decision],
    queryFn: ({ signal }) => (tenant === null ? read('/api/policy/explain', { query: { decisionId: decision }, signal }) : read('/api/tenants/{tenant}/policy/explain', { path: { tenant }, query: { decisionId: decision }, signal })),
  });
  if (explained.isError) return <Failure error={explained.error} />;
  return (
    <Page title="Why" sub={<Mono>{decision}</Mono>} actions={<CopyAs cli={`maestro policy explain ${decision}${option(tenant)}`} address={`${tenant === null ? '/api/policy' : `/api/tenants/${tenant}/policy`}/explain?decisionId=${decision}`} />}>
      {explained.data?.items.map((one) => (
        <Explained key={one.decision.decision_id} of={one} />
      ))}
    </Page>
  );
}

function Explained({ of }: { of: Schemas['Explanation'] }): ReactNode {
  const decision = of.decision;
  return (
    <>
      <div className="columns">
        <Card title={decision.action}>
          <Facts
            of={[
              ['Outcome', <State key="outcome" of={decision.result.outcome} />],
              ['Entry point', <Mono key="path">{decision.path}</Mono>],
              ['Actor', <Mono key="actor">{decision.requested_by}</Mono>],
              ['When', <Time key="when" at={decision.timestamp} />],
              ['Request', <Mono key="request">{decision.req_id}</Mono>],
              ['Took', `${(decision.metrics.timer_rego_query_eval_ns / 1e6).toFixed(2)} ms`],
            ]}
          />
        </Card>
        <Card title="Rules that had something against it">
          {of.rules.length === 0 && <p className="good">None: it was allowed by the installation&apos;s pack.</p>}
          <ul className="plain">
            {of.rules.map((rule) => (
              <li key={rule.reason.rule}>
                <strong>{rule.reason.title}</strong> <Mono>{rule.reason.rule}</Mono> <State of={rule.reason.mode} />
                <div>{rule.reason.message}</div>
                {rule.reason.remediation && <div className="fix">To do: {rule.reason.remediation}</div>}
                <div className="dim">
                  {rule.file !== null && `${rule.file}:${rule.row}, `}pack {rule.reason.pack}
                </div>
                {Object.keys(rule.read).length > 0 && <Json value={rule.read} label={`What ${rule.reason.rule} read`} />}
              </li>
            ))}
          </ul>
        </Card>
        <Card title="The least change with which it would be allowed">
          {of.smallestChange ? <Json value={of.smallestChange} label="Smallest change" /> : <p className="dim">{of.whyNoChange ?? 'It is allowed.'}</p>}
        </Card>
      </div>
      <Card title="What was asked">
        <Json value={decision.input} label="Input" />
      </Card>
    </>
  );
}

export function Simulate(): ReactNode {
  return <OfTenant>{(tenant) => <SimulateOf tenant={tenant} />}</OfTenant>;
}

function SimulateOf({ tenant }: { tenant: string | null }): ReactNode {
  const [last, setLast] = useState('100');
  const [modes, setModes] = useState('{"rules": {}}');
  const [module, setModule] = useState('');
  const [pack, setPack] = useState('');
  const body = () => ({
    last: Number(last),
    ...(modes.trim() === '' ? {} : { modes: JSON.parse(modes) as unknown }),
    ...(module.trim() === '' ? {} : { pack: pack || null, modules: { 'candidate.rego': module } }),
  });
  const simulate = useMutation({
    mutationFn: () => (tenant === null ? ask('post', '/api/policy:simulate', { body: body() }) : ask('post', '/api/tenants/{tenant}/policy:simulate', { path: { tenant }, body: body() })),
  });
  const result = simulate.data?.value;
  return (
    <Page title="Simulate" sub="Asks past decisions again, with other modes or another policy. Nothing changes.">
      <Card title="What if">
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            simulate.mutate();
          }}
        >
          <div className="fields">
            <TextField label="How many of the newest decisions" value={last} onChange={setLast} />
            <TextField label="Pack that a candidate replaces" value={pack} onChange={setPack} help="Only when there is a candidate." />
          </div>
          <div className="fields">
            <Field label="Modes" help="For example all rules of a pack at enforce.">
              {(id) => <TextArea id={id} className="mono" rows={6} value={modes} onChange={(_, text) => setModes(text)} />}
            </Field>
            <Field label="Candidate, in Rego" help="Empty: the active packs.">
              {(id) => <TextArea id={id} className="mono" rows={6} value={module} onChange={(_, text) => setModule(text)} />}
            </Field>
          </div>
          <div className="buttons">
            <Button type="submit" variant="primary" isLoading={simulate.isPending}>
              Simulate
            </Button>
          </div>
        </Form>
        {simulate.isError && <Failure error={simulate.error} />}
      </Card>
      {result && (
        <Card title={`${result.changed} of ${result.asked} would be decided otherwise`}>
          <ul className="plain">
            {result.changes.map((change) => (
              <li key={`${change.index}`}>
                <Mono>{change.entryPoint}</Mono> <State of={change.before} /> → <State of={change.after} /> {change.reasons.map((reason) => reason.message).join('; ')}{' '}
                {change.decisionId !== null && <Short text={change.decisionId} />}
              </li>
            ))}
          </ul>
          {result.changes.length === 0 && <p className="good">Every one of them stays as it was.</p>}
        </Card>
      )}
    </Page>
  );
}
