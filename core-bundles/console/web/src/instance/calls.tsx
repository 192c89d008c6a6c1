// How the last calls of an instance went, each with the way to what was decided about it and what it left behind.
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client';
import { may, usePrincipal } from '../session';
import { List } from '../ui/list';
import { Mono, State, Time } from '../ui/text';
import { To } from '../ui/to';
import { CALLS_MS } from './health';
import { ONE, type Names } from './names';
import { milliseconds } from './numbers';
import { during } from './span';

type Call = Schemas['Call'];

export function Calls({ names }: { names: Names }): ReactNode {
  const audits = may(usePrincipal(), 'TENANT_AUDIT');
  return (
    <>
      <h2 className="section">Last calls</h2>
      <List<Call>
        label="Last calls"
        path={`${ONE}/calls`}
        names={{ ...names }}
        filters={[{ name: 'outcome', label: 'Outcome', options: ['error', 'ok', 'rejected', 'failed', 'late', 'refused', 'cancelled'] }]}
        paged={false}
        every={CALLS_MS}
        columns={[
          { name: 'Operation', cell: (one) => <><Mono>{one.operation}</Mono>{one.try > 1 && <span className="dim"> try {one.try}</span>}</> },
          { name: 'Outcome', narrow: true, cell: (one) => <State of={one.outcome} /> },
          { name: 'Problem', cell: (one) => (one.problem === null ? <span className="dim">–</span> : <Mono>{one.problem}</Mono>) },
          { name: 'Caller', cell: (one) => (one.caller === null ? 'the server' : <Mono>{one.caller}</Mono>) },
          { name: 'Took', narrow: true, cell: (one) => milliseconds(one.milliseconds) },
          { name: 'When', narrow: true, cell: (one) => <Time at={one.at} /> },
          { name: 'Request', narrow: true, cell: (one) => <Mono>{one.correlationId}</Mono> },
          ...(audits ? [{ name: 'See', narrow: true, cell: (one: Call) => <Ways of={one} /> }] : []),
        ]}
        rowKey={(one) => `${one.correlationId}/${one.operation}/${one.try}/${one.at}`}
        cli={`maestro instance calls ${names.instance} -t ${names.tenant} -e ${names.environment}`}
        empty={<p>Nobody has called it on this node since the node started.</p>}
      />
    </>
  );
}

function Ways({ of }: { of: Call }): ReactNode {
  return (
    <span className="cell-acts">
      <To to="/policy/decisions" search={{ correlationId: of.correlationId }}>
        decisions
      </To>
      {of.caller !== null && (
        <To to="/receipts" search={{ actor: of.caller, ...during(of) }}>
          receipts
        </To>
      )}
    </span>
  );
}
