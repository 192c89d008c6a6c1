// The node that answers: what holds on it and who said so, which instances are not as they should be, and what adapters left behind.
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { List } from '../ui/list';
import { Page } from '../ui/page';
import { Mono, State, Time } from '../ui/text';
import { To } from '../ui/to';

export function NodePage(): ReactNode {
  return (
    <Page title="This node" sub="What holds on the node that answers: by its profile, its files of values, its command line. Passwords are not shown.">
      <h2 className="section">Instances that are not as they should be</h2>
      <List<Schemas['Drift']>
        label="Drift"
        path="/api/drift"
        columns={[
          {
            name: 'Instance',
            cell: (one) => (
              <To to="/instances/$instance" params={{ instance: one.instance }} search={{ tenant: one.tenant, environment: one.environment }}>
                {one.tenant} / {one.environment} / {one.instance}
              </To>
            ),
          },
          { name: 'Adapter', cell: (one) => <Mono>{one.adapter}</Mono> },
          { name: 'Node', narrow: true, cell: (one) => <Mono>{one.node}</Mono> },
          { name: 'Wanted', narrow: true, cell: (one) => one.wanted },
          { name: 'It is', narrow: true, cell: (one) => (one.observed === null ? one.kind : <State of={one.observed} />) },
          { name: 'Why', cell: (one) => one.problem?.title },
          { name: 'Since', narrow: true, cell: (one) => <Time at={one.since} /> },
        ]}
        rowKey={(one) => `${one.tenant}/${one.environment}/${one.instance}/${one.node}`}
        cli="maestro drift"
        empty={<p>On every node, every instance is as it should be.</p>}
      />
      <h2 className="section">Adapters whose classes stay in memory</h2>
      <List<Schemas['Leak']>
        label="Leaks"
        path="/api/leaks"
        paged={false}
        columns={[
          { name: 'Adapter', cell: (one) => <Mono>{one.adapter}</Mono> },
          { name: 'State', narrow: true, cell: (one) => <State of={one.state} /> },
          {
            name: 'Held by',
            cell: (one) =>
              one.holders.map((holder) => (
                <div key={`${holder.kind}/${holder.name}/${holder.way}`}>
                  {holder.kind.replaceAll('_', ' ')} <Mono>{holder.name}</Mono> <span className="dim breaks">{holder.way}</span>
                  <div>{holder.ruleText}</div>
                </div>
              )),
          },
          { name: 'Taken out', narrow: true, cell: (one) => <Time at={one.removedAt} /> },
          { name: 'Looked at', narrow: true, cell: (one) => <Time at={one.searchedAt} /> },
        ]}
        rowKey={(one) => `${one.adapter}/${one.removedAt}`}
        cli="maestro leaks"
        empty={<p>Every adapter that was taken out of this node has left its memory.</p>}
      />
      <h2 className="section">Configuration</h2>
      <List<Schemas['Value']>
        label="Configuration"
        path="/api/configuration"
        columns={[
          { name: 'Key', cell: (one) => <Mono>{one.key}</Mono> },
          { name: 'Value', cell: (one) => (one.value === '' ? <span className="dim">empty</span> : <Mono>{one.value}</Mono>) },
          { name: 'Said by', cell: (one) => one.origin },
          { name: 'What it is', cell: (one) => one.meaning },
        ]}
        rowKey={(one) => one.key}
        cli="maestro configuration list"
        empty={<p>Nothing is set.</p>}
      />
    </Page>
  );
}
