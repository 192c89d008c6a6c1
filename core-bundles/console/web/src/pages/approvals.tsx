// What waits for a second person.
import type { ReactNode } from 'react';
import { useState } from 'react';
import { ask, type Schemas } from '../api/client';
import { ActButton, ActDialog } from '../ui/act';
import { TextField } from '../ui/field';
import { List } from '../ui/list';
import { Page } from '../ui/page';
import { Facts, Json, Mono, State, Time } from '../ui/text';
import { To } from '../ui/to';

type Approval = Schemas['Approval'];

export function Approvals(): ReactNode {
  return (
    <Page title="Approvals" sub="Acts that one person must not do alone. Who asked repeats the act once another person has agreed.">
      <List<Approval>
        label="Approvals"
        path="/api/approvals"
        filters={[{ name: 'state', label: 'State', options: ['pending', 'approved', 'rejected', 'used', 'expired'] }]}
        columns={[
          {
            name: 'Act',
            cell: (one) => (
              <>
                <Mono>{one.action}</Mono> {one.subject}
                <div className="dim">{one.reasons.map((reason) => reason.message).join('; ')}</div>
              </>
            ),
          },
          { name: 'Where', narrow: true, cell: (one) => (one.tenant === null ? 'installation' : `${one.tenant}${one.environment === null ? '' : ` / ${one.environment}`}`) },
          { name: 'Asked by', cell: (one) => <><Mono>{one.requestedBy}</Mono><div className="dim"><Time at={one.requestedAt} /></div></> },
          { name: 'State', narrow: true, cell: (one) => <State of={one.state} /> },
          {
            name: 'Decided',
            cell: (one) =>
              one.decidedBy === null ? (
                <span className="dim">expires <Time at={one.expiresAt} /></span>
              ) : (
                <>
                  <Mono>{one.decidedBy}</Mono> <span className="dim">{one.comment}</span>
                </>
              ),
          },
          {
            name: 'Acts',
            narrow: true,
            cell: (one) => (
              <span className="cell-acts">
                {one.state === 'pending' && (
                  <>
                    <ActButton right="APPROVAL_DECIDE" small variant="link" dialog={(close) => <Verdict of={one} verdict="approve" onClose={close} />}>
                      Approve
                    </ActButton>
                    <ActButton right="APPROVAL_DECIDE" small variant="link" dialog={(close) => <Verdict of={one} verdict="reject" onClose={close} />}>
                      Reject
                    </ActButton>
                  </>
                )}
                <To to="/policy/decisions/$decision" params={{ decision: one.decisionId }} search={{ of: one.tenant ?? 'installation' }}>
                  Why
                </To>
              </span>
            ),
          },
        ]}
        rowKey={(one) => one.id}
        cli="maestro approval list"
        empty={<p>Nothing waits. A rule of kind require_approval in a policy pack makes acts wait here, for example for adapters of high risk.</p>}
      />
    </Page>
  );
}

function Verdict({ of, verdict, onClose }: { of: Approval; verdict: 'approve' | 'reject'; onClose: () => void }): ReactNode {
  const [reason, setReason] = useState('');
  return (
    <ActDialog
      title={`${verdict === 'approve' ? 'Approve' : 'Reject'} ${of.action} ${of.subject}`}
      verb={verdict === 'approve' ? 'Approve' : 'Reject'}
      danger={verdict === 'reject'}
      wide
      ready={reason.trim() !== ''}
      command={{ cli: `maestro approval ${verdict} ${of.id} --reason TEXT`, method: 'POST', address: `/api/approvals/${of.id}/${verdict}`, body: { reason } }}
      run={({ key }) => ask('post', verdict === 'approve' ? '/api/approvals/{id}/approve' : '/api/approvals/{id}/reject', { path: { id: of.id }, body: { reason }, key })}
      onClose={onClose}
    >
      <Facts
        of={[
          ['Asked by', of.requestedBy],
          ['Where', of.tenant === null ? 'the installation' : `${of.tenant} ${of.environment ?? ''}`],
          ['Rules', of.reasons.map((one) => <div key={one.rule}><Mono>{one.rule}</Mono> {one.message}</div>)],
        ]}
      />
      <details>
        <summary>What the policy was asked</summary>
        <Json value={of.input} label="Input" />
      </details>
      <TextField label="Reason" value={reason} onChange={setReason} required help="Stands in the receipt." />
    </ActDialog>
  );
}
