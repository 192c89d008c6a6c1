// Tenants and their environments.
import { useQuery as useServer } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { ask, read, type Answer, type Schemas } from '../api/client';
import { may, usePrincipal } from '../session';
import { ActButton, ActDialog } from '../ui/act';
import { CopyAs } from '../ui/copy';
import { TextField } from '../ui/field';
import { List, useLive } from '../ui/list';
import { Card, Page } from '../ui/page';
import { Failure } from '../ui/problem';
import { Facts, State, Tag, Time } from '../ui/text';
import { To } from '../ui/to';

type Tenant = Schemas['Tenant'];

export function TenantsPage(): ReactNode {
  return (
    <Page
      title="Tenants"
      sub="Each has environments, members, tokens, secrets, policies and a chain of receipts of its own."
      actions={
        <ActButton right="PLATFORM_WRITE" variant="primary" dialog={(close) => <Create onClose={close} />}>
          Create a tenant
        </ActButton>
      }
    >
      <List<Tenant>
        label="Tenants"
        path="/api/tenants"
        filters={[{ name: 'prefix', label: 'Id begins with' }]}
        columns={[
          { name: 'Tenant', cell: (one) => <To to="/tenants/$id" params={{ id: one.id }} search={{ tenant: one.id, environment: undefined }}>{one.id}</To> },
          { name: 'Name', cell: (one) => one.displayName },
          { name: 'State', narrow: true, cell: (one) => <State of={one.state} /> },
          { name: 'Created', narrow: true, cell: (one) => <Time at={one.createdAt} /> },
          { name: 'Go to', narrow: true, cell: (one) => <span className="cell-acts"><To to="/instances" search={{ tenant: one.id, environment: undefined }}>Instances</To> <To to="/receipts" search={{ tenant: one.id, environment: undefined }}>Receipts</To></span> },
        ]}
        rowKey={(one) => one.id}
        cli="maestro tenant list"
        empty={<p>There is no tenant yet. One comes with the environments dev, staging and prod; its name is never given twice.</p>}
      />
    </Page>
  );
}

function Create({ onClose }: { onClose: () => void }): ReactNode {
  const [id, setId] = useState('');
  const [displayName, setDisplayName] = useState('');
  const body = { id, displayName: displayName || null };
  return (
    <ActDialog
      title="Create a tenant"
      verb="Create"
      ready={id !== ''}
      command={{ cli: `maestro tenant create ${id || 'TENANT'}`, method: 'POST', address: '/api/tenants', body }}
      run={({ key, approval }) => ask('post', '/api/tenants', { body, key, approval })}
      onClose={onClose}
    >
      <TextField label="Id" value={id} onChange={setId} required help="Lower case letters, digits and hyphens; for ever." />
      <TextField label="Name" value={displayName} onChange={setDisplayName} help="As people read it." />
    </ActDialog>
  );
}

export function TenantPage(): ReactNode {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const principal = usePrincipal();
  const tenant = useLive(['tenant', id], (signal) => ask('get', '/api/tenants/{tenant}', { path: { tenant: id }, signal }));
  const adapters = useServer({ queryKey: ['tenant-adapters', id], queryFn: ({ signal }) => read('/api/tenants/{tenant}/adapters', { path: { tenant: id }, query: { limit: 100 }, signal }) });
  if (tenant.isError) return <Failure error={tenant.error} />;
  if (!tenant.data) return null;
  const one = tenant.data.value;
  return (
    <Page
      title={one.id}
      sub={one.displayName}
      actions={
        <>
          <ActButton right="TENANT_WRITE" dialog={(close) => <Rename found={tenant.data} onClose={close} />}>
            Rename
          </ActButton>
          <ActButton right="PLATFORM_WRITE" variant="danger" dialog={(close) => <Offboard tenant={id} onClose={close} />}>
            Offboard
          </ActButton>
        </>
      }
    >
      <div className="columns">
        <Card title="Tenant" actions={<CopyAs cli={`maestro tenant get ${id}`} address={`/api/tenants/${id}`} />}>
          <Facts
            of={[
              ['State', <State key="state" of={one.state} />],
              ['Created', <Time key="created" at={one.createdAt} />],
              ['Revision', String(one.revision)],
              ['Go to', <span key="go" className="cell-acts"><To to="/instances">Instances</To> <To to="/members">Members</To> <To to="/tokens">Tokens</To> <To to="/receipts">Receipts</To> <To to="/policy">Policy</To></span>],
            ]}
          />
        </Card>
        <Card title="Adapters that it uses">
          {adapters.isError && <Failure error={adapters.error} />}
          {adapters.data?.items.length === 0 && <p className="dim">None yet.</p>}
          <ul className="plain">
            {adapters.data?.items.map((row) => (
              <li key={row.environment + row.adapter}>
                {row.environment}: {row.adapter} <span className="dim">×{row.instances}</span> {row.newest !== null && <Tag colour="blue">{row.newest} is newer</Tag>}
              </li>
            ))}
          </ul>
        </Card>
      </div>
      <div className="section-head">
        <h2 className="section">Environments</h2>
        {may(principal, 'TENANT_WRITE') && (
          <ActButton right="TENANT_WRITE" dialog={(close) => <CreateEnvironment tenant={id} onClose={close} />}>
            Create an environment
          </ActButton>
        )}
      </div>
      <List<Schemas['Environment']>
        label="Environments"
        path="/api/tenants/{tenant}/environments"
        names={{ tenant: id }}
        columns={[
          { name: 'Environment', cell: (row) => <To to="/instances" search={{ tenant: id, environment: row.name }}>{row.name}</To> },
          { name: 'Created', cell: (row) => <Time at={row.createdAt} /> },
          {
            name: 'Acts',
            narrow: true,
            cell: (row) => (
              <ActButton
                right="TENANT_WRITE"
                small
                variant="link"
                dialog={(close) => (
                  <ActDialog
                    title={`Delete ${row.name}`}
                    verb="Delete"
                    danger
                    typeName={row.name}
                    command={{ cli: `maestro environment delete --tenant ${id} ${row.name}`, method: 'DELETE', address: `/api/tenants/${id}/environments/${row.name}` }}
                    run={({ approval }) => ask('delete', '/api/tenants/{tenant}/environments/{environment}', { path: { tenant: id, environment: row.name }, approval })}
                    onClose={close}
                  >
                    <p>Only an environment that holds nothing can go. Its data key is destroyed with it.</p>
                  </ActDialog>
                )}
              >
                Delete
              </ActButton>
            ),
          },
        ]}
        rowKey={(row) => row.name}
        cli={`maestro environment list --tenant ${id}`}
        empty={<p>No environment. Instances and secrets live in one.</p>}
      />
    </Page>
  );
}

function Rename({ found, onClose }: { found: Answer<Tenant>; onClose: () => void }): ReactNode {
  const [held] = useState(found);
  const [displayName, setDisplayName] = useState(held.value.displayName);
  const tenant = held.value.id;
  return (
    <ActDialog
      title={`Rename ${tenant}`}
      verb="Rename"
      ready={displayName !== ''}
      command={{ cli: `maestro tenant rename ${tenant} TEXT`, method: 'PATCH', address: `/api/tenants/${tenant}`, body: { displayName } }}
      run={({ approval }) => ask('patch', '/api/tenants/{tenant}', { path: { tenant }, body: { displayName }, ifMatch: held.etag, approval })}
      onClose={onClose}
    >
      <TextField label="Name" value={displayName} onChange={setDisplayName} required />
    </ActDialog>
  );
}

function CreateEnvironment({ tenant, onClose }: { tenant: string; onClose: () => void }): ReactNode {
  const [name, setName] = useState('');
  return (
    <ActDialog
      title="Create an environment"
      verb="Create"
      ready={name !== ''}
      command={{ cli: `maestro environment create --tenant ${tenant} ${name || 'ENVIRONMENT'}`, method: 'POST', address: `/api/tenants/${tenant}/environments`, body: { name } }}
      run={({ key, approval }) => ask('post', '/api/tenants/{tenant}/environments', { path: { tenant }, body: { name }, key, approval })}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} required />
    </ActDialog>
  );
}

function Offboard({ tenant, onClose }: { tenant: string; onClose: () => void }): ReactNode {
  const plan = useServer({
    queryKey: ['offboard', tenant],
    queryFn: async () => (await ask('post', '/api/tenants/{tenant}/offboard', { path: { tenant }, query: { dryRun: 'true' }, body: {} })).value,
  });
  return (
    <ActDialog
      title={`Offboard ${tenant}`}
      verb="Offboard for ever"
      danger
      wide
      typeName={tenant}
      ready={plan.isSuccess}
      command={{ cli: `maestro tenant offboard ${tenant} --confirm ${tenant}`, method: 'POST', address: `/api/tenants/${tenant}/offboard`, body: { confirm: tenant } }}
      run={({ approval }) => ask('post', '/api/tenants/{tenant}/offboard', { path: { tenant }, body: { confirm: tenant }, approval })}
      onClose={onClose}
    >
      <p>All access of {tenant} ends, and what follows is erased. Its receipts stay. Its name is never given again.</p>
      {plan.isError && <Failure error={plan.error} />}
      <ul className="plain">
        {plan.data?.parts.map((part) => (
          <li key={part.name}>
            <strong>{part.name}</strong>{' '}
            {Object.entries(part.holdings as Record<string, number>)
              .map(([what, count]) => `${count} ${what}`)
              .join(', ')}
          </li>
        ))}
      </ul>
    </ActDialog>
  );
}
