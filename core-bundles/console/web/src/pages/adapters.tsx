// The catalogue: definitions, what this server verified of them, and where they are used.
import { TextArea } from '@patternfly/react-core/dist/esm/components/TextArea/index.js';
import { useQuery as useServer } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { ask, read, type Schemas } from '../api/client';
import { may, usePrincipal } from '../session';
import { ActButton, ActDialog } from '../ui/act';
import { CopyAs } from '../ui/copy';
import { Field, TextField } from '../ui/field';
import { List, useLive } from '../ui/list';
import { Card, Page } from '../ui/page';
import { Failure } from '../ui/problem';
import { Facts, Json, Mono, Short, size, State, Tag, Time } from '../ui/text';
import { To } from '../ui/to';

type Definition = Schemas['Definition'];

/** Which keys are trusted now; a definition stays when its key is revoked, and its instances close. */
function useRevoked(): ReadonlySet<string> | null {
  const publishers = useServer({
    queryKey: ['publishers', 'all'],
    queryFn: ({ signal }) => read('/api/publishers', { query: { limit: 500 }, signal }),
    staleTime: 10_000,
  });
  if (!publishers.data) return null;
  return new Set(publishers.data.items.flatMap((one) => one.keys).filter((key) => key.revokedAt !== null).map((key) => key.fingerprint));
}

/** What this server verified, when, and by which key; nothing that a catalogue claims. */
export function Badge({ of, revoked }: { of: Definition; revoked: ReadonlySet<string> | null }): ReactNode {
  const gone = revoked?.has(of.key) ?? false;
  return (
    <span title={`Every entry of the bundle was verified by this server at ${of.createdAt} with the key ${of.key}`}>
      <Tag colour={gone ? 'red' : 'green'}>{gone ? `key of ${of.publisher} revoked` : `verified: ${of.publisher}`}</Tag>
    </span>
  );
}

export function Adapters(): ReactNode {
  const revoked = useRevoked();
  return (
    <Page title="Adapters" sub="What this server has admitted. A version never changes; a new one stands beside it." actions={<To to="/install" className="link-button">Install a bundle</To>}>
      <List<Definition>
        label="Adapters"
        path="/api/adapters"
        sorted
        filters={[
          { name: 'name', label: 'Name' },
          { name: 'type', label: 'Type', options: ['storage', 'identity', 'provisioning', 'payments', 'event-bus', 'notification', 'ticketing', 'notary'] },
          { name: 'risk', label: 'Risk', options: ['low', 'medium', 'high'] },
          { name: 'publisher', label: 'Publisher' },
          { name: 'newest', label: 'Newest only', options: ['true'] },
        ]}
        columns={[
          {
            name: 'Name',
            sort: 'name',
            cell: (one) => (
              <>
                <To to="/adapters/$name/$version" params={{ name: one.name, version: one.version }}>
                  {one.name}
                </To>
                <div className="dim">{one.description}</div>
              </>
            ),
          },
          { name: 'Version', narrow: true, cell: (one) => <Mono>{one.version}</Mono> },
          { name: 'Type', narrow: true, cell: (one) => one.type },
          { name: 'Signature', narrow: true, cell: (one) => <Badge of={one} revoked={revoked} /> },
          { name: 'Risk', narrow: true, cell: (one) => <State of={one.risk.level} /> },
          { name: 'Owner', cell: (one) => one.owner },
          { name: 'Admitted', sort: 'createdAt', narrow: true, cell: (one) => <Time at={one.createdAt} /> },
        ]}
        rowKey={(one) => one.id}
        cli="maestro adapter list"
        empty={
          <p>
            Nothing is installed yet. <To to="/install">Drop a signed bundle</To> here, or <Mono>maestro adapter install JAR</Mono>. A publisher&apos;s key has to be <To to="/publishers">trusted</To> first.
          </p>
        }
      />
    </Page>
  );
}

export function Adapter(): ReactNode {
  const { name = '', version = '' } = useParams({ strict: false }) as { name?: string; version?: string };
  const revoked = useRevoked();
  const principal = usePrincipal();
  const definition = useServer({ queryKey: ['adapter', name, version], queryFn: ({ signal }) => read('/api/adapters/{name}/{version}', { path: { name, version }, signal }) });
  const versions = useServer({ queryKey: ['adapter', name], queryFn: ({ signal }) => read('/api/adapters', { query: { name, limit: 100 }, signal }) });
  if (definition.isError) return <Failure error={definition.error} />;
  if (!definition.data) return null;
  const one = definition.data;
  return (
    <Page title={one.name} sub={one.description} actions={
        <>
          {may(principal, 'PLATFORM_AUDIT') && (
            <To to="/adapters/$name/rollouts" params={{ name }}>
              Rollouts
            </To>
          )}
          <To to="/instances/new" search={{ adapter: one.id }} className="link-button">
            Create an instance
          </To>
        </>
      }>
      <div className="columns">
        <Card title={`Version ${one.version}`} actions={<CopyAs cli={`maestro adapter get ${one.id}`} address={`/api/adapters/${one.name}/${one.version}`} />}>
          <Facts
            of={[
              ['Signature', <Badge key="badge" of={one} revoked={revoked} />],
              ['Verified', <span key="when"><Time at={one.createdAt} /> by this server, for <Mono>{one.createdBy}</Mono></span>],
              ['Key', <Short key="key" text={one.key} length={24} />],
              ['Digest', <Short key="digest" text={one.digest} length={24} />],
              ['Size', size(one.size)],
              ['Type', `${one.type}, contract ${one.contractVersion}`],
              ['Owner', one.owner],
              ['Licence', one.licence],
              ['Risk', <State key="risk" of={one.risk.level} />],
              ['Data', one.risk.dataSensitivity],
              ['Second person', one.risk.requiresApproval ? 'wanted' : 'not wanted'],
            ]}
          />
        </Card>
        <Card title="May reach">
          <Facts
            of={[
              ['Network', one.permissions.network.length === 0 ? 'nothing' : one.permissions.network.map((host) => <Mono key={host}>{host} </Mono>)],
              ['Files', one.permissions.files ? 'a folder of its own per instance' : 'none'],
              ['Packages', one.permissions.packages.length === 0 ? 'none beyond the contract' : one.permissions.packages.join(', ')],
            ]}
          />
          <h3>Versions</h3>
          <ul className="plain">
            {versions.data?.items.map((other) => (
              <li key={other.id}>
                {other.version === one.version ? (
                  <strong>{other.version}</strong>
                ) : (
                  <To to="/adapters/$name/$version" params={{ name, version: other.version }}>
                    {other.version}
                  </To>
                )}{' '}
                <span className="dim">
                  <Time at={other.createdAt} />
                </span>
              </li>
            ))}
          </ul>
        </Card>
        <Card title="Takes">
          {one.settings.length === 0 ? (
            <p className="dim">There is nothing to configure.</p>
          ) : (
            <ul className="plain">
              {one.settings.map((setting) => (
                <li key={setting.pointer}>
                  <Mono>{setting.pointer}</Mono> {setting.required && <Tag colour="blue">required</Tag>} {setting.secret && <Tag colour="purple">secret</Tag>}
                </li>
              ))}
            </ul>
          )}
          <details>
            <summary>JSON schema</summary>
            <Json value={one.configurationSchema} label="Configuration schema" />
          </details>
        </Card>
      </div>
      <h2 className="section">Where it is used</h2>
      <List<Schemas['Instance']>
        label="Instances of this version"
        path="/api/adapters/{name}/{version}/instances"
        names={{ name, version }}
        columns={[
          { name: 'Instance', cell: (row) => <To to="/instances/$instance" params={{ instance: row.id }} search={{ tenant: row.tenant, environment: row.environment }}>{row.id}</To> },
          { name: 'Tenant', cell: (row) => row.tenant },
          { name: 'Environment', cell: (row) => row.environment },
          { name: 'State', cell: (row) => <State of={row.observed} /> },
        ]}
        rowKey={(row) => `${row.tenant}/${row.environment}/${row.id}`}
        cli={`maestro adapter instances ${one.id}`}
        empty={<p>No instance uses this version.</p>}
      />
    </Page>
  );
}

export function Publishers(): ReactNode {
  const publishers = useLive(['publishers'], (signal) => read('/api/publishers', { query: { limit: 500 }, signal }));
  return (
    <Page
      title="Publishers"
      sub="Whose signatures this server believes. Nothing else decides what may be installed."
      actions={
        <ActButton right="PLATFORM_WRITE" variant="primary" dialog={(close) => <Trust onClose={close} />}>
          Trust a publisher
        </ActButton>
      }
    >
      {publishers.isError && <Failure error={publishers.error} />}
      <div className="table-box" tabIndex={0} role="region" aria-label="Publishers, table">
        <table aria-label="Publishers">
          <thead>
            <tr>
              <th scope="col">Publisher</th>
              <th scope="col">Key</th>
              <th scope="col">Subject</th>
              <th scope="col">Trusted</th>
              <th scope="col">State</th>
              <th scope="col">Acts</th>
            </tr>
          </thead>
          <tbody>
            {publishers.data?.items.flatMap((one) =>
              one.keys.map((key) => (
                <tr key={key.fingerprint}>
                  <th scope="row">{one.name}</th>
                  <td>
                    <Short text={key.fingerprint} length={20} />
                  </td>
                  <td>{key.subject}</td>
                  <td>
                    <Time at={key.trustedAt} />
                  </td>
                  <td>{key.revokedAt === null ? <Tag colour="green">trusted</Tag> : <span title={key.revokedReason ?? ''}><State of="revoked" /></span>}</td>
                  <td>
                    {key.revokedAt === null && (
                      <ActButton right="PLATFORM_WRITE" small variant="link" dialog={(close) => <Revoke name={one.name} fingerprint={key.fingerprint} onClose={close} />}>
                        Revoke
                      </ActButton>
                    )}
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
        {publishers.data?.items.length === 0 && (
          <div className="empty">
            <p>
              Nobody is trusted yet, so nothing can be installed. Make a key with <Mono>maestro publisher create-key</Mono>, and trust its certificate here.
            </p>
          </div>
        )}
      </div>
    </Page>
  );
}

function Trust({ onClose }: { onClose: () => void }): ReactNode {
  const [name, setName] = useState('');
  const [certificate, setCertificate] = useState('');
  return (
    <ActDialog
      title="Trust a publisher"
      verb="Trust"
      ready={name !== '' && certificate.includes('BEGIN CERTIFICATE')}
      command={{ cli: `maestro publisher trust --name ${name || 'NAME'} --certificate KEY.pem`, method: 'POST', address: '/api/publishers', body: { name, certificate: 'PEM' } }}
      run={({ key, approval }) => ask('post', '/api/publishers', { body: { name, certificate }, key, approval })}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} required help="Bundles that this key signs are shown as this publisher's." />
      <Field label="Certificate" required help="PEM, as maestro publisher create-key wrote it.">
        {(id) => <TextArea id={id} rows={8} className="mono" value={certificate} onChange={(_, text) => setCertificate(text)} />}
      </Field>
    </ActDialog>
  );
}

function Revoke({ name, fingerprint, onClose }: { name: string; fingerprint: string; onClose: () => void }): ReactNode {
  const [reason, setReason] = useState('');
  return (
    <ActDialog
      title={`Revoke a key of ${name}`}
      verb="Revoke for ever"
      danger
      typeName={name}
      ready={reason !== ''}
      command={{ cli: `maestro publisher revoke --name ${name} --reason TEXT ${fingerprint}`, method: 'POST', address: `/api/publishers/${name}/keys/${fingerprint}/revoke`, body: { reason } }}
      run={({ approval }) => ask('post', '/api/publishers/{name}/keys/{fingerprint}/revoke', { path: { name, fingerprint }, body: { reason }, approval })}
      onClose={onClose}
    >
      <p>Running instances of everything that this key signed are closed, in every tenant. It cannot be taken back.</p>
      <TextField label="Reason" value={reason} onChange={setReason} required />
    </ActDialog>
  );
}
