import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { UNTOLD_MS } from '../live';
import { List } from '../ui/list';
import { Page } from '../ui/page';
import { Mono, Time } from '../ui/text';
import { useScope } from '../ui/to';

/** Attempts to overstep. */
export function SecurityEvents(): ReactNode {
  const scope = useScope();
  return (
    <Page title="Security events" sub="Attempts to do or see what one may not.">
      <List<Schemas['SecurityEvent']>
        label="Security events"
        path="/api/security-events"
        every={UNTOLD_MS}
        fixed={{ tenant: scope.tenant ?? undefined }}
        filters={[
          { name: 'rule', label: 'Rule' },
          { name: 'principal', label: 'Principal' },
          { name: 'from', label: 'From (ISO 8601)' },
          { name: 'until', label: 'Until (ISO 8601)' },
        ]}
        columns={[
          { name: 'Rule', cell: (one) => <Mono>{one.rule}</Mono> },
          { name: 'Principal', cell: (one) => (one.principal === null ? <span className="dim">nobody</span> : <Mono>{one.principal}</Mono>) },
          { name: 'Where', cell: (one) => (one.tenant === null ? <span className="dim">–</span> : `${one.tenant}${one.environment === null ? '' : ` / ${one.environment}`}`) },
          { name: 'Request', cell: (one) => <span className="breaks">{one.method} <Mono>{one.resource}</Mono></span> },
          { name: 'From', narrow: true, cell: (one) => one.address },
          { name: 'When', narrow: true, cell: (one) => <Time at={one.at} /> },
          { name: 'Correlation', narrow: true, cell: (one) => <Mono>{one.correlationId}</Mono> },
        ]}
        rowKey={(one) => String(one.id)}
        cli={`maestro security-event list${scope.tenant === null ? '' : ` --tenant ${scope.tenant}`}`}
        empty={<p>Nobody overstepped. A refused token, a foreign tenant or a missing right is noted here, with the request.</p>}
      />
    </Page>
  );
}
