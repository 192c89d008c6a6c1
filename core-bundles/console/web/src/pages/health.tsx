// How the instances of a tenant do, the worst at a glance, and the alerts that are raised.
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { Alerts } from '../instance/alerts';
import { CALLS_MS } from '../instance/health';
import { HourCell } from '../instance/hour';
import { milliseconds, share } from '../instance/numbers';
import { List } from '../ui/list';
import { Page, Scoped } from '../ui/page';
import { State, Time } from '../ui/text';
import { To, useScope } from '../ui/to';

export function HealthPage(): ReactNode {
  const scope = useScope();
  return (
    <Page title="Health" sub="As the node that answers sees it.">
      <Scoped>
        {(tenant) => (
          <>
            <Alerts tenant={tenant} />
            <List<Schemas['Health']>
              label="Health"
              path="/api/tenants/{tenant}/health"
              names={{ tenant }}
              fixed={{ environment: scope.environment ?? undefined, series: 'true' }}
              every={CALLS_MS}
              columns={[
                {
                  name: 'Instance',
                  cell: (one) => (
                    <To to="/instances/$instance" params={{ instance: one.instance }} search={{ tenant, environment: one.environment }}>
                      {one.instance}
                    </To>
                  ),
                },
                { name: 'Environment', narrow: true, cell: (one) => one.environment },
                { name: 'Type', narrow: true, cell: (one) => one.type },
                { name: 'State', narrow: true, cell: (one) => <State of={one.state} /> },
                { name: 'Because', cell: (one) => one.reason },
                { name: 'Last hour', narrow: true, cell: (one) => <HourCell series={one.series} /> },
                { name: 'Calls, 5 min', narrow: true, cell: (one) => five(one).requests },
                { name: 'Errors', narrow: true, cell: (one) => share(five(one)) },
                { name: 'p95', narrow: true, cell: (one) => milliseconds(five(one).p95) },
                { name: 'Breaker', narrow: true, cell: (one) => one.breaker.state.replace('_', ' ') },
                { name: 'Last success', narrow: true, cell: (one) => <Time at={one.lastSuccess} /> },
              ]}
              rowKey={(one) => `${one.environment}/${one.instance}`}
              cli={`maestro tenant health ${tenant}`}
              empty={<p>{tenant} has no instance here yet.</p>}
            />
          </>
        )}
      </Scoped>
    </Page>
  );
}

function five(one: Schemas['Health']): Schemas['Window'] {
  return one.windows.find((window) => window.minutes === 5) ?? { minutes: 5, requests: 0, errors: 0, rejected: 0, errorRate: 0, p50: null, p95: null, p99: null };
}
