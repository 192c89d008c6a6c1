// A new instance: an adapter, a name, and a configuration that its own schema describes.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { Form } from '@patternfly/react-core/dist/esm/components/Form/index.js';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect/index.js';
import { useMutation, useQuery as useServer, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { address, ask, problemIn, read, type Schemas } from '../api/client';
import { ConfigurationForm } from '../form/configuration-form';
import { begin, check, masked, type Configuration, type Schema, type Violation } from '../form/schema';
import { useBeforehand } from '../instance/beforehand';
import { CopyAs } from '../ui/copy';
import { Field, TextField } from '../ui/field';
import { Card, Page, Scoped } from '../ui/page';
import { Failure } from '../ui/problem';
import { State } from '../ui/text';
import { To, useGo, useQuery, useSetQuery } from '../ui/to';

const PATH = '/api/tenants/{tenant}/environments/{environment}/instances';
const TRIALS = '/api/tenants/{tenant}/environments/{environment}/instance-trials';

/** How many adapters are offered to choose from. */
const OFFERED = 100;

export function CreateInstance(): ReactNode {
  return (
    <Page title="Create an instance">
      <Scoped environment>{(tenant, environment) => <Create key={`${tenant}/${environment}`} tenant={tenant} environment={environment} />}</Scoped>
    </Page>
  );
}

function Create({ tenant, environment }: { tenant: string; environment: string }): ReactNode {
  const query = useQuery();
  const set = useSetQuery();
  const go = useGo();
  const client = useQueryClient();
  const [id, setId] = useState('');
  const [configuration, setConfiguration] = useState<Configuration>({});
  const [tried, setTried] = useState(false);
  const key = useRef(crypto.randomUUID());
  const definitions = useServer({ queryKey: ['definitions'], queryFn: ({ signal }) => read('/api/adapters', { query: { limit: OFFERED }, signal }) });
  const [name = '', version = ''] = (query['adapter'] ?? '').split('@');
  const definition = useServer({
    queryKey: ['adapter', name, version],
    queryFn: ({ signal }) => read('/api/adapters/{name}/{version}', { path: { name, version }, signal }),
    enabled: name !== '' && version !== '',
  });
  const chosen = definition.data;
  const schema = (chosen?.configurationSchema ?? {}) as Schema;
  useEffect(() => setConfiguration(begin(schema)), [chosen?.id]);
  const names = { tenant, environment };
  const body = { id, adapter: chosen?.id ?? '', configuration };
  const local = check(configuration, schema);
  const beforehand = useBeforehand(body, {
    complete: () => {
      setTried(true);
      return local.length === 0 && id !== '' && chosen !== undefined;
    },
    tryOut: async () => (await ask('post', TRIALS, { path: names, body })).value,
    plan: async () => (await ask('post', PATH, { path: names, query: { dryRun: 'true' }, body })).value as unknown as Schemas['Plan'],
  });
  const create = useMutation({
    mutationFn: (approval: string | undefined) => ask('post', PATH, { path: names, query: { waitSeconds: 10, plan: beforehand.plan?.digest }, body, key: key.current, approval }),
    onSuccess: (answer) => {
      void client.invalidateQueries();
      go('/instances/$instance', { instance: answer.value.id }, { tenant, environment, adapter: undefined });
    },
    onError: (error) => {
      // what nobody knows the end of is repeated as the same act
      const { status, code } = problemIn(error).problem;
      if (status >= 400 && status < 500) key.current = crypto.randomUUID();
      if (code === 'plan-changed') beforehand.forget();
    },
  });
  const problem = create.isError ? problemIn(create.error).problem : null;
  const found: readonly Violation[] = [...(tried ? local : []), ...fromServer([...(problem?.violations ?? []), ...beforehand.violations])];
  return (
    <Form
      className="wide-form"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (beforehand.plan !== null) create.mutate(problem?.approvalId);
      }}
    >
      <Card title={`In ${tenant} / ${environment}`}>
        <div className="fields">
          <Field label="Adapter" required>
            {(field) => (
              <FormSelect id={field} value={query['adapter'] ?? ''} onChange={(_, adapter) => set({ adapter })}>
                <FormSelectOption value="" label="Choose one" />
                {chosen && !definitions.data?.items.some((one) => one.id === chosen.id) && <FormSelectOption value={chosen.id} label={`${chosen.name} ${chosen.version} (${chosen.type}, by ${chosen.publisher})`} />}
                {definitions.data?.items.map((one) => (
                  <FormSelectOption key={one.id} value={one.id} label={`${one.name} ${one.version} (${one.type}, by ${one.publisher})`} />
                ))}
              </FormSelect>
            )}
          </Field>
          <TextField label="Name" value={id} onChange={setId} required help="How callers name it, for example evidence. Lower case, digits and hyphens." />
        </div>
        {definition.isError && <Failure error={definition.error} />}
        {definitions.data && definitions.data.next !== null && (
          <p className="help">
            The first {OFFERED} are offered here. Begin with another one from the <To to="/adapters">catalogue</To>, which can be searched.
          </p>
        )}
        {definitions.data?.items.length === 0 && (
          <p>
            No adapter is installed. <To to="/install">Install one first.</To>
          </p>
        )}
      </Card>
      {chosen && (
        <>
          <Card title="Configuration">
            <ConfigurationForm key={chosen.id} schema={schema} value={configuration} onChange={setConfiguration} violations={found} kept={new Set()} />
          </Card>
          <Card title="What will happen">
            <ul className="plain">
              <li>
                {chosen.name} {chosen.version} opens one instance in {tenant} / {environment}; nothing else is restarted.
              </li>
              <li>
                Its risk is <State of={chosen.risk.level} />
                {chosen.risk.requiresApproval ? ', and a second person has to approve.' : '.'}
              </li>
              <li>It may reach {chosen.permissions.network.length === 0 ? 'no host' : `${chosen.permissions.network.join(', ')}`}{chosen.permissions.files ? ', and a folder of its own.' : '.'}</li>
              <li>Secrets are sealed as instance/{id || 'NAME'}/PROPERTY; the act leaves a receipt.</li>
            </ul>
            {beforehand.view}
            {create.isError && <Failure error={create.error} />}
            <div className="buttons">
              <Button type="submit" variant="primary" isLoading={create.isPending} isDisabled={create.isPending || beforehand.plan === null}>
                {problem?.approvalId === undefined ? `Create ${id || 'it'}` : 'Create with the approval'}
              </Button>
              <span className="spring" />
              <CopyAs
                cli={`maestro instance create ${id || 'INSTANCE'} -t ${tenant} -e ${environment} --adapter ${chosen.id} --config FILE`}
                method="POST"
                address={address(PATH, { path: names } as never)}
                body={{ ...body, configuration: masked(configuration, schema) }}
              />
            </div>
          </Card>
        </>
      )}
    </Form>
  );
}

/** Violations as the server names them; some begin with the member of the request. */
export function fromServer(violations: readonly Violation[]): Violation[] {
  return violations.map((one) => ({ ...one, pointer: one.pointer.replace(/^\/configuration(?=\/|$)/, '') }));
}
