// The instances of a tenant, or of one environment of it.
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { List } from '../ui/list';
import { Page, Scoped } from '../ui/page';
import { Mono, State, Time } from '../ui/text';
import { To, useScope } from '../ui/to';

export function Instances(): ReactNode {
  const scope = useScope();
  return (
    <Page title="Instances" sub="Adapters as they are configured and running." actions={<To to="/instances/new" className="link-button">Create an instance</To>}>
      <Scoped>
        {(tenant) => (
          <List<Schemas['Instance']>
            label="Instances"
            path={scope.environment === null ? '/api/tenants/{tenant}/instances' : '/api/tenants/{tenant}/environments/{environment}/instances'}
            names={scope.environment === null ? { tenant } : { tenant, environment: scope.environment }}
            sorted
            filters={[
              { name: 'adapter', label: 'Adapter' },
              { name: 'type', label: 'Type', options: ['storage', 'identity', 'provisioning'] },
              { name: 'observed', label: 'State', options: ['running', 'pending', 'failed', 'stopped'] },
              { name: 'wanted', label: 'Wanted', options: ['running', 'stopped'] },
            ]}
            columns={[
              {
                name: 'Instance',
                sort: 'name',
                cell: (one) => (
                  <To to="/instances/$instance" params={{ instance: one.id }} search={{ tenant: one.tenant, environment: one.environment }}>
                    {one.id}
                  </To>
                ),
              },
              { name: 'Environment', narrow: true, cell: (one) => one.environment },
              { name: 'Adapter', sort: 'adapter', cell: (one) => <Mono>{one.adapter}</Mono> },
              { name: 'Type', narrow: true, cell: (one) => one.type },
              { name: 'State', narrow: true, cell: (one) => <State of={one.observed} /> },
              { name: 'Wanted', narrow: true, cell: (one) => one.wanted },
              { name: 'Why not', cell: (one) => <Why of={one} /> },
              { name: 'Changed', sort: 'updatedAt', narrow: true, cell: (one) => <Time at={one.updatedAt} /> },
            ]}
            rowKey={(one) => `${one.environment}/${one.id}`}
            cli={`maestro tenant instances ${tenant}${scope.environment === null ? '' : ` -e ${scope.environment}`}`}
            empty={
              <p>
                {tenant} has no instance here yet. An instance is an adapter with a configuration: <To to="/instances/new">create one</To>, or{' '}
                <Mono>maestro instance create</Mono>.
              </p>
            }
          />
        )}
      </Scoped>
    </Page>
  );
}

function Why({ of }: { of: Schemas['Instance'] }): ReactNode {
  const problem = of.problem as Schemas['Problem'] | null;
  return problem === null ? null : (
    <span title={problem.fix ?? ''}>
      {problem.title} <Mono>{problem.code}</Mono>
    </span>
  );
}
