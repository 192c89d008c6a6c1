// One instance: how it is, why it is not otherwise, and what can be done with it.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { Form } from '@patternfly/react-core/dist/esm/components/Form/index.js';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect/index.js';
import { TextArea } from '@patternfly/react-core/dist/esm/components/TextArea/index.js';
import { useMutation, useQuery as useServer } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useRef, useState, type ReactNode } from 'react';
import { address, ask, problemIn, read, type Answer, type Schemas } from '../api/client';
import { ConfigurationForm } from '../form/configuration-form';
import { check, escaped, masked, referenceIn, resolved, type Configuration, type Schema } from '../form/schema';
import { Alerts } from '../instance/alerts';
import { useBeforehand } from '../instance/beforehand';
import { Calls } from '../instance/calls';
import { HealthCard } from '../instance/health';
import { ONE, type Names } from '../instance/names';
import { VersionsCard } from '../instance/versions';
import { WhyCard } from '../instance/why';
import { ActButton, ActDialog } from '../ui/act';
import { quoted } from '../ui/command';
import { CopyAs } from '../ui/copy';
import { Field } from '../ui/field';
import { List, useLive } from '../ui/list';
import { Card, Page, Scoped } from '../ui/page';
import { Failure } from '../ui/problem';
import { ProblemText } from '../ui/problem-text';
import { Facts, Json, Mono, size, State, Time } from '../ui/text';
import { To, useGo } from '../ui/to';
import { fromServer } from './create-instance';

type Instance = Schemas['Instance'];

export function InstancePage(): ReactNode {
  const { instance = '' } = useParams({ strict: false }) as { instance?: string };
  return <Scoped environment>{(tenant, environment) => <Loaded names={{ tenant, environment, instance }} />}</Scoped>;
}

function Loaded({ names }: { names: Names }): ReactNode {
  const found = useLive(['instance', names], (signal) => ask('get', ONE, { path: names, signal }));
  if (found.isError) return <Failure error={found.error} />;
  return found.data ? <Shown names={names} found={found.data} /> : null;
}

function Shown({ names, found }: { names: Names; found: Answer<Instance> }): ReactNode {
  const one = found.value;
  const problem = one.problem as Schemas['Problem'] | null;
  const [name = '', version = ''] = one.adapter.split('@');
  const dependents = useServer({ queryKey: ['dependents', names], queryFn: ({ signal }) => read(`${ONE}/dependents`, { path: names, signal }) });
  return (
    <Page title={one.id} sub={<State of={one.observed} />} actions={<Acts names={names} found={found} />}>
      {one.wanted !== one.observed && (
        <Card title={`Wanted: ${one.wanted}, but it is ${one.observed}`}>
          {problem === null ? <p>It is on its way; this page follows.</p> : <ProblemText problem={problem} />}
        </Card>
      )}
      {one.wanted === one.observed && problem !== null && (
        <Card title={problem.title}>
          <ProblemText problem={problem} />
        </Card>
      )}
      {(one.wanted !== one.observed || problem !== null) && <WhyCard names={names} revision={one.revision} observed={one.observed} />}
      <div className="columns">
        <Card title="Instance" actions={<CopyAs cli={`maestro instance get ${one.id} -t ${names.tenant} -e ${names.environment}`} address={address(ONE, { path: names } as never)} />}>
          <Facts
            of={[
              ['Tenant', names.tenant],
              ['Environment', names.environment],
              ['Adapter', <To key="adapter" to="/adapters/$name/$version" params={{ name, version }}>{one.adapter}</To>],
              ['Type', one.type],
              ['Revision', String(one.revision)],
              ['Created', <Time key="created" at={one.createdAt} />],
              ['Changed', <Time key="updated" at={one.updatedAt} />],
              ['History', <To key="history" to="/receipts" search={{ subject: one.id, subjectType: 'adapter-instance' }}>receipts about it</To>],
            ]}
          />
        </Card>
        <Card
          title="Configuration"
          actions={
            <ActButton right="TENANT_WRITE" dialog={(close) => <Configure names={names} onClose={close} />}>
              Change
            </ActButton>
          }
        >
          <Json value={one.configuration} label="Configuration" />
        </Card>
        <HealthCard names={names} />
        <Alerts {...names} />
        <VersionsCard names={names} adapter={one.adapter} etag={found.etag} />
        <Card title="What depends on it">
          {dependents.isError && <Failure error={dependents.error} />}
          {dependents.data?.items.length === 0 && <p className="dim">Nothing that this server knows of.</p>}
          <ul className="plain">
            {dependents.data?.items.map((other) => (
              <li key={other.id}>
                {other.kind} {other.name}
              </li>
            ))}
          </ul>
        </Card>
      </div>
      <Calls names={names} />
      <TryOut names={names} type={one.type} />
    </Page>
  );
}

function Acts({ names, found }: { names: Names; found: Answer<Instance> }): ReactNode {
  const go = useGo();
  const one = found.value;
  const where = `-t ${names.tenant} -e ${names.environment}`;
  const running = one.wanted === 'running';
  const prod = names.environment === 'prod';
  return (
    <>
      {running ? (
        <ActButton
          right="TENANT_WRITE"
          dialog={(close) => (
            <ActDialog
              title={`Stop ${one.id}`}
              verb="Stop"
              danger={prod}
              {...(prod ? { typeName: one.id } : {})}
              command={{ cli: `maestro instance stop ${one.id} ${where}`, method: 'POST', address: `${address(ONE, { path: names } as never)}/stop` }}
              run={({ approval }) => ask('post', `${ONE}/stop`, { path: names, query: { waitSeconds: 10 }, ifMatch: found.etag, approval })}
              onClose={close}
            >
              <p>Calls under way end first; later ones are refused until it is started again. Its configuration, secrets and data stay.</p>
            </ActDialog>
          )}
        >
          Stop
        </ActButton>
      ) : (
        <ActButton
          right="TENANT_WRITE"
          variant="primary"
          dialog={(close) => (
            <ActDialog
              title={`Start ${one.id}`}
              verb="Start"
              command={{ cli: `maestro instance start ${one.id} ${where}`, method: 'POST', address: `${address(ONE, { path: names } as never)}/start` }}
              run={({ approval }) => ask('post', `${ONE}/start`, { path: names, query: { waitSeconds: 10 }, ifMatch: found.etag, approval })}
              onClose={close}
            >
              <p>It opens with its present configuration.</p>
            </ActDialog>
          )}
        >
          Start
        </ActButton>
      )}
      <ActButton
        right="TENANT_WRITE"
        variant="danger"
        dialog={(close) => (
          <ActDialog
            title={`Delete ${one.id}`}
            verb="Delete"
            danger
            typeName={one.id}
            command={{ cli: `maestro instance delete ${one.id} ${where}`, method: 'DELETE', address: address(ONE, { path: names } as never) }}
            run={({ approval }) => ask('delete', ONE, { path: names, ifMatch: found.etag, approval })}
            onDone={() => go('/instances')}
            onClose={close}
          >
            <p>Its configuration, the secrets of its own and its folder on the node go. What it keeps elsewhere stays there. It cannot be taken back.</p>
          </ActDialog>
        )}
      >
        Delete
      </ActButton>
    </>
  );
}

/** Secrets of the instance's own are the server's: the form begins without them, and what stays empty stays as it is. */
function split(configuration: Configuration, given: Schema, root: Schema, instance: string, pointer = ''): { readonly shown: Configuration; readonly kept: string[] } {
  const kept: string[] = [];
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(configuration)) {
    const at = `${pointer}/${escaped(name)}`;
    const property = resolved(given.properties?.[name] ?? {}, root);
    if (referenceIn(value)?.startsWith(`instance/${instance}/`) === true) {
      kept.push(at);
    } else if (property.properties !== undefined && value !== null && typeof value === 'object') {
      const inner = split(value as Configuration, property, root, instance, at);
      shown[name] = inner.shown;
      kept.push(...inner.kept);
    } else {
      shown[name] = value;
    }
  }
  return { shown, kept };
}

/** Begins with the instance as it is when the dialog opens: what the page shows may be some seconds old, and its revision refused. */
function Configure({ names, onClose }: { names: Names; onClose: () => void }): ReactNode {
  const found = useServer({ queryKey: ['instance-to-change', names], queryFn: ({ signal }) => ask('get', ONE, { path: names, signal }), gcTime: 0, staleTime: Infinity });
  const [name = '', version = ''] = found.data?.value.adapter.split('@') ?? [];
  const definition = useServer({
    queryKey: ['adapter', name, version],
    queryFn: ({ signal }) => read('/api/adapters/{name}/{version}', { path: { name, version }, signal }),
    enabled: found.isSuccess,
  });
  if (found.isError) return <Failure error={found.error} />;
  if (definition.isError) return <Failure error={definition.error} />;
  return found.data && definition.data ? <ConfigureWith names={names} found={found.data} schema={definition.data.configurationSchema as Schema} onClose={onClose} /> : null;
}

function ConfigureWith({ names, found, schema, onClose }: { names: Names; found: Answer<Instance>; schema: Schema; onClose: () => void }): ReactNode {
  const [begun] = useState(() => split(found.value.configuration as Configuration, schema, schema, names.instance));
  const [etag] = useState(found.etag);
  const [value, setValue] = useState(begun.shown);
  const [refused, setRefused] = useState<unknown>(null);
  const kept = new Set(begun.kept);
  const wrong = check(value, schema, schema, '', kept);
  const path = `${address(ONE, { path: names } as never)}/configuration`;
  const beforehand = useBeforehand(value, {
    complete: () => wrong.length === 0,
    tryOut: async () => (await ask('post', `${ONE}/configuration/trial`, { path: names, body: value, ifMatch: etag })).value,
    plan: async () => (await ask('put', `${ONE}/configuration`, { path: names, query: { dryRun: 'true' }, body: value, ifMatch: etag })).value as unknown as Schemas['Plan'],
  });
  return (
    <ActDialog
      title={`Configure ${names.instance}`}
      verb="Apply"
      wide
      ready={beforehand.plan !== null}
      command={{ cli: `maestro instance configure ${names.instance} -t ${names.tenant} -e ${names.environment} --config FILE`, method: 'PUT', address: path, body: masked(value, schema) }}
      run={({ approval }) =>
        ask('put', `${ONE}/configuration`, { path: names, query: { waitSeconds: 10, plan: beforehand.plan?.digest }, body: value, ifMatch: etag, approval }).catch((error: unknown) => {
          setRefused(error);
          if (problemIn(error).problem.code === 'plan-changed') beforehand.forget();
          throw error;
        })
      }
      onClose={onClose}
    >
      <p>The new configuration opens beside the old one. When it does not open, the old one goes on.</p>
      <ConfigurationForm
        schema={schema}
        value={value}
        onChange={(changed) => {
          setValue(changed);
          setRefused(null);
        }}
        kept={kept}
        violations={[...wrong, ...fromServer([...(refused === null ? [] : problemIn(refused).problem.violations), ...beforehand.violations])]}
      />
      {beforehand.view}
    </ActDialog>
  );
}

function TryOut({ names, type }: { names: Names; type: string }): ReactNode {
  const types = useServer({ queryKey: ['adapter-types'], queryFn: ({ signal }) => read('/api/adapter-types', { signal }), staleTime: 60_000 });
  const operations = types.data?.items.find((one) => one.name === type)?.operations ?? [];
  const [operation, setOperation] = useState('');
  const [input, setInput] = useState('{}');
  const key = useRef(crypto.randomUUID());
  const chosen = operation || operations.find((one) => one.name === 'list')?.name || operations.find((one) => !one.changes)?.name || '';
  const call = useMutation({
    mutationFn: () => ask('post', `${ONE}/operations/{operation}`, { path: { ...names, operation: chosen }, body: JSON.parse(input) as unknown, key: key.current }),
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
  });
  return (
    <>
      <Card
        title="Try an operation"
        actions={
          <CopyAs
            cli={`maestro instance call ${names.instance} ${chosen} -t ${names.tenant} -e ${names.environment} --input ${quoted(input)}`}
            method="POST"
            address={address(`${ONE}/operations/{operation}`, { path: { ...names, operation: chosen } } as never)}
            body={safely(input)}
          />
        }
      >
        <Form
          className="try"
          onSubmit={(event) => {
            event.preventDefault();
            call.mutate();
          }}
        >
          <Field label="Operation">
            {(id) => (
              <FormSelect id={id} value={chosen} onChange={(_, one) => setOperation(one)}>
                {operations.map((one) => (
                  <FormSelectOption key={one.name} value={one.name} label={one.changes ? `${one.name} (changes something)` : one.name} />
                ))}
              </FormSelect>
            )}
          </Field>
          <Field label="Input, as JSON">{(id) => <TextArea id={id} className="mono" rows={3} value={input} onChange={(_, text) => setInput(text)} />}</Field>
          <Button type="submit" variant="secondary" isLoading={call.isPending} isDisabled={chosen === '' || call.isPending}>
            Call
          </Button>
        </Form>
        {call.isError && <Failure error={call.error} />}
        {call.isSuccess && <Json value={call.data.value} label="Answer" />}
      </Card>
      {type === 'storage' && (
        <>
          <h2 className="section">Objects</h2>
          <List<Schemas['ListedObject']>
            label="Objects"
            path={`${ONE}/objects`}
            names={{ ...names }}
            filters={[{ name: 'prefix', label: 'Prefix' }]}
            columns={[
              { name: 'Key', cell: (row) => <Mono>{row.key}</Mono> },
              { name: 'Size', narrow: true, cell: (row) => size(row.size) },
              { name: 'Changed', narrow: true, cell: (row) => <Time at={row.lastModified} /> },
            ]}
            rowKey={(row) => row.key}
            cli={`maestro object list -t ${names.tenant} -e ${names.environment} -i ${names.instance}`}
            empty={<p>No objects. Put one with <Mono>maestro object put KEY FILE</Mono>.</p>}
          />
        </>
      )}
    </>
  );
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
