// What was done, by whom, signed; verified here in the browser, whatever the server says of it.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { useMutation, useQuery as useServer } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { read, readText, type Schemas } from '../api/client';
import { KeyRing, verifyExport, verifyReceipt, type Finding } from '../receipts/verify';
import { may, usePrincipal } from '../session';
import { CopyAs } from '../ui/copy';
import { List } from '../ui/list';
import { Card, Page } from '../ui/page';
import { Failure, Teaching } from '../ui/problem';
import { Facts, Json, Mono, Short, Tag, Time } from '../ui/text';
import { To, useScope } from '../ui/to';

type Sealed = Schemas['Sealed'];

interface Body {
  readonly action: string;
  readonly actor: string;
  readonly subject: { readonly type: string; readonly name: string; readonly digest: string | null };
  readonly environment: string | null;
  readonly occurredAt: string;
  readonly sealedAt?: string;
  readonly sequence?: number;
  readonly previousHash?: string | null;
  readonly correlationId: string;
  readonly decision: string | null;
  readonly keyId?: string;
  readonly chain: string;
  readonly changes: unknown;
}

const body = (receipt: Sealed): Body => receipt.body as Body;

/** Receipts of the tenant that is chosen, else of the installation, for whoever may see those. */
function useChain(): { readonly tenant: string | null; readonly forbidden: boolean } {
  const scope = useScope();
  const principal = usePrincipal();
  return { tenant: scope.tenant, forbidden: scope.tenant === null && !may(principal, 'PLATFORM_AUDIT') };
}

export function Receipts(): ReactNode {
  const { tenant, forbidden } = useChain();
  const scope = useScope();
  if (forbidden) {
    return (
      <Teaching title="Choose a tenant">
        <p>Receipts of the installation are for its admins and auditors.</p>
      </Teaching>
    );
  }
  return (
    <Page title="Receipts" sub={tenant === null ? 'Of the installation' : `Of ${tenant}`} actions={<To to="/receipts/chain" className="link-button">Verify the chain</To>}>
      <List<Sealed>
        label="Receipts"
        path={tenant === null ? '/api/receipts' : '/api/tenants/{tenant}/receipts'}
        names={tenant === null ? {} : { tenant }}
        fixed={{ environment: scope.environment ?? undefined }}
        filters={[
          { name: 'action', label: 'Action' },
          { name: 'subject', label: 'Subject' },
          { name: 'actor', label: 'Actor' },
          { name: 'from', label: 'From (ISO 8601)' },
          { name: 'until', label: 'Until (ISO 8601)' },
          { name: 'order', label: 'Order', options: ['newest', 'oldest'] },
        ]}
        columns={[
          {
            name: 'Action',
            cell: (one) => (
              <To to="/receipts/$id" params={{ id: one.id }}>
                {body(one).action}
              </To>
            ),
          },
          { name: 'Subject', cell: (one) => <>{body(one).subject.name.startsWith('sha256:') ? <Short text={body(one).subject.name} /> : body(one).subject.name} <span className="dim">{body(one).subject.type}</span></> },
          { name: 'Environment', narrow: true, cell: (one) => body(one).environment ?? <span className="dim">–</span> },
          { name: 'Actor', cell: (one) => <Mono>{body(one).actor}</Mono> },
          { name: 'When', narrow: true, cell: (one) => <Time at={body(one).occurredAt} /> },
          { name: 'Place', narrow: true, cell: (one) => (one.sealed ? <Mono>#{one.sequence}</Mono> : <Tag colour="blue">not sealed yet</Tag>) },
          { name: 'Link', narrow: true, cell: (one) => (one.hash === null ? null : <span className="chain-link"><Short text={body(one).previousHash ?? 'begin'} length={8} /> → <Short text={one.hash} length={8} /></span>) },
          { name: 'Server says', narrow: true, cell: (one) => (one.sealed ? <Tag colour={one.verified ? 'green' : 'red'}>{one.verified ? 'verified' : (one.defect ?? 'not verified')}</Tag> : null) },
        ]}
        rowKey={(one) => one.id}
        cli={`maestro receipts list${tenant === null ? '' : ` --tenant ${tenant}`}`}
        empty={<p>No receipt yet. Every act that changes something leaves one within about a second.</p>}
      />
    </Page>
  );
}

function Findings({ of }: { of: readonly Finding[] }): ReactNode {
  return (
    <ol className="findings">
      {of.map((finding) => (
        <li key={finding.what} data-ok={finding.ok}>
          <Tag colour={finding.ok ? 'green' : 'red'}>{finding.ok ? 'good' : 'not good'}</Tag> <strong>{finding.what}</strong> <span className="breaks">{finding.detail}</span>
        </li>
      ))}
    </ol>
  );
}

export function ReceiptPage(): ReactNode {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const { tenant } = useChain();
  const receipt = useServer({
    queryKey: ['receipt', tenant, id],
    queryFn: ({ signal }): Promise<Sealed> => (tenant === null ? read('/api/receipts/{id}', { path: { id }, signal }) : read('/api/tenants/{tenant}/receipts/{id}', { path: { tenant, id }, signal })),
    refetchInterval: (query) => (query.state.data?.sealed === false ? 1000 : false),
  });
  const verify = useMutation({
    mutationFn: async (one: Sealed) => {
      const keys = await read('/api/receipt-keys');
      return verifyReceipt(one, await KeyRing.of((keys.items as Schemas['SigningKey'][]).map((key) => ({ keyId: key.id, publicKey: key.publicKey }))));
    },
  });
  if (receipt.isError) return <Failure error={receipt.error} />;
  if (!receipt.data) return null;
  const one = receipt.data;
  const what = body(one);
  const address = tenant === null ? `/api/receipts/${id}` : `/api/tenants/${tenant}/receipts/${id}`;
  return (
    <Page title={what.action} sub={what.subject.name} actions={<CopyAs cli={`maestro receipts show ${id}${tenant === null ? '' : ` --tenant ${tenant}`}`} address={address} />}>
      <div className="columns">
        <Card title="What was done">
          <Facts
            of={[
              ['Subject', `${what.subject.type} ${what.subject.name}`],
              ['Environment', what.environment ?? '–'],
              ['Actor', <Mono key="actor">{what.actor}</Mono>],
              ['Occurred', <Time key="occurred" at={what.occurredAt} />],
              ['Request', <Mono key="request">{what.correlationId}</Mono>],
              ['Decision', what.decision === null ? '–' : <To key="decision" to="/policy/decisions/$decision" params={{ decision: what.decision }} search={{ of: tenant ?? 'installation' }}>why it was allowed</To>],
            ]}
          />
        </Card>
        <Card title="Its place in the chain">
          <Facts
            of={[
              ['Chain', <Mono key="chain">{what.chain}</Mono>],
              ['Place', one.sealed ? `#${one.sequence}` : 'not sealed yet'],
              ['Sealed', <Time key="sealed" at={what.sealedAt} />],
              ['Hash before', what.previousHash ? <Short key="before" text={what.previousHash} length={32} /> : 'none: it is the first'],
              ['Hash', one.hash === null ? '–' : <Short key="hash" text={one.hash} length={32} />],
              ['Key', what.keyId === undefined ? '–' : <Short key="key" text={what.keyId} length={32} />],
            ]}
          />
        </Card>
        <Card
          title="Verification"
          actions={
            <Button variant="primary" size="sm" isLoading={verify.isPending} onClick={() => verify.mutate(one)}>
              Verify in this browser
            </Button>
          }
        >
          <p>
            The server says: <Tag colour={one.verified ? 'green' : one.sealed ? 'red' : 'blue'}>{one.verified ? 'verified' : (one.defect ?? 'not sealed yet')}</Tag>
          </p>
          {verify.isError && <Failure error={verify.error} />}
          {verify.data && <Findings of={verify.data} />}
          {!verify.data && <p className="dim">This browser computes the hash of the canonical body and checks the Ed25519 signature by itself.</p>}
        </Card>
      </div>
      <Card title="The body as it was signed">
        <Json value={one.body} label="Body" />
      </Card>
    </Page>
  );
}

export function ChainPage(): ReactNode {
  const { tenant } = useChain();
  const here = useMutation({
    mutationFn: async () => verifyExport(await readText(tenant === null ? '/api/receipts/export' : '/api/tenants/{tenant}/receipts/export', tenant === null ? {} : { path: { tenant } as never })),
  });
  const there = useMutation({
    mutationFn: async (): Promise<Schemas['Chain']> => {
      let answer: Schemas['Chain'] | null = null;
      let checked = 0;
      // the server checks a long chain piece by piece
      do {
        const query: { after?: number } = answer === null ? {} : { after: answer.last };
        answer = tenant === null ? await read('/api/receipts/verification', { query }) : await read('/api/tenants/{tenant}/receipts/verification', { path: { tenant }, query });
        checked += answer.checked;
      } while (answer.verified && !answer.complete && answer.checked > 0);
      return { ...answer, checked };
    },
  });
  const links = here.data?.links ?? [];
  return (
    <Page title="The chain" sub={tenant === null ? 'Of the installation' : `Of ${tenant}`} actions={<CopyAs cli={`maestro receipts export${tenant === null ? '' : ` --tenant ${tenant}`} -o chain.ndjson && maestro receipts verify chain.ndjson`} address={tenant === null ? '/api/receipts/export' : `/api/tenants/${tenant}/receipts/export`} />}>
      <div className="columns two">
        <Card
          title="In this browser"
          actions={
            <Button variant="primary" size="sm" isLoading={here.isPending} onClick={() => here.mutate()}>
              Verify in this browser
            </Button>
          }
        >
          <p className="dim">Takes an export and checks keys, signatures, links and completeness with WebCrypto.</p>
          {here.isError && <Failure error={here.error} />}
          {here.data && (
            <>
              <p data-testid="verdict">
                <Tag colour={here.data.ok ? 'green' : 'red'}>{here.data.ok ? 'the chain is good' : 'the chain is not good'}</Tag> {links.length} receipts
              </p>
              <Findings of={here.data.findings} />
              <p>
                The root is <Short text={here.data.root} length={64} />. Compare it with the one that the operator wrote down: whoever can write in the database could begin chains of his own.
              </p>
            </>
          )}
        </Card>
        <Card
          title="On the server"
          actions={
            <Button variant="secondary" size="sm" isLoading={there.isPending} onClick={() => there.mutate()}>
              Have the server check
            </Button>
          }
        >
          <p className="dim">Also compares the chain with every checkpoint that the platform&apos;s chain has of it.</p>
          {there.isError && <Failure error={there.error} />}
          {there.data && (
            <p>
              <Tag colour={there.data.verified ? 'green' : 'red'}>{there.data.verified ? 'verified' : 'not verified'}</Tag> {there.data.checked} receipts, up to #{there.data.last}. {there.data.defect}
            </p>
          )}
        </Card>
      </div>
      {links.length > 0 && (
        <Card title="Links, the newest first">
          <ol className="links" reversed>
            {links
              .slice(-200)
              .reverse()
              .map((link) => (
                <li key={link.sequence} data-ok={link.signed && link.linked}>
                  <Mono>#{link.sequence}</Mono> <span className="link-action">{link.action}</span> <Short text={link.previousHash ?? 'begin'} /> → <Short text={link.hash} />
                  {!(link.signed && link.linked) && <Tag colour="red">{link.signed ? 'not linked' : 'not signed'}</Tag>}
                </li>
              ))}
          </ol>
          {links.length > 200 && <p className="dim">The newest 200 of {links.length} are shown; all were verified.</p>}
        </Card>
      )}
    </Page>
  );
}
