// Secrets by name and version. A value goes in and is never shown.
import type { ReactNode } from 'react';
import { useState } from 'react';
import { ask, type Schemas } from '../api/client';
import { ActButton, ActDialog } from '../ui/act';
import { TextField } from '../ui/field';
import { List } from '../ui/list';
import { Page, Scoped } from '../ui/page';
import { Mono, Time } from '../ui/text';
import { To } from '../ui/to';

type Secret = Schemas['Secret'];
const ONE = '/api/tenants/{tenant}/environments/{environment}/secrets/{secret}';

interface Where {
  readonly tenant: string;
  readonly environment: string;
}

export function SecretsPage(): ReactNode {
  return <Scoped environment>{(tenant, environment) => <Secrets where={{ tenant, environment }} />}</Scoped>;
}

function Secrets({ where }: { where: Where }): ReactNode {
  const option = `-t ${where.tenant} -e ${where.environment}`;
  return (
    <Page
      title="Secrets"
      sub="Names and versions. Values go in here and come out for instances only."
      actions={
        <ActButton right="TENANT_WRITE" variant="primary" dialog={(close) => <Put where={where} onClose={close} />}>
          Put a secret
        </ActButton>
      }
    >
      <List<Secret>
        label="Secrets"
        path="/api/tenants/{tenant}/environments/{environment}/secrets"
        names={{ ...where }}
        columns={[
          { name: 'Name', cell: (one) => <Mono>{one.name}</Mono> },
          { name: 'Version', narrow: true, cell: (one) => <span title={one.versions.map((version) => `${version.version} by ${version.createdBy}`).join('\n')}>{one.version}</span> },
          { name: 'Used by', cell: (one) => (one.usedBy.length === 0 ? <span className="dim">nobody</span> : one.usedBy.map((instance) => <span key={instance}><To to="/instances/$instance" params={{ instance }}>{instance}</To> </span>)) },
          { name: 'Changed', narrow: true, cell: (one) => <Time at={one.updatedAt} /> },
          {
            name: 'Acts',
            narrow: true,
            cell: (one) => (
              <span className="cell-acts">
                <ActButton right="TENANT_WRITE" small variant="link" dialog={(close) => <Put where={where} present={one} onClose={close} />}>
                  New version
                </ActButton>
                <ActButton
                  right="TENANT_WRITE"
                  small
                  variant="link"
                  dialog={(close) => (
                    <ActDialog
                      title={`Delete ${one.name}`}
                      verb="Delete"
                      danger
                      typeName={one.name}
                      command={{ cli: `maestro secret delete ${one.name} ${option}`, method: 'DELETE', address: `/api/tenants/${where.tenant}/environments/${where.environment}/secrets/${encodeURIComponent(one.name)}` }}
                      run={({ approval }) => ask('delete', ONE, { path: { ...where, secret: one.name }, ifMatch: `"${one.version}"`, approval })}
                      onClose={close}
                    >
                      <p>The value is destroyed. While an instance uses it, the server refuses.</p>
                    </ActDialog>
                  )}
                >
                  Delete
                </ActButton>
              </span>
            ),
          },
        ]}
        rowKey={(one) => one.name}
        cli={`maestro secret list ${option}`}
        empty={
          <p>
            No secret yet. Put one to share it among instances, which name it as <Mono>{'{"$secret": "shared/database"}'}</Mono>; those that belong to one instance come with it.
          </p>
        }
      />
      <h2 className="section">Who was given which</h2>
      <List<Schemas['SecretAccess']>
        label="Accesses"
        path="/api/tenants/{tenant}/environments/{environment}/secret-accesses"
        names={{ ...where }}
        columns={[
          { name: 'Secret', cell: (one) => <Mono>{one.secret}</Mono> },
          { name: 'Version', narrow: true, cell: (one) => one.version },
          { name: 'Instance', cell: (one) => one.instance },
          { name: 'Why', narrow: true, cell: (one) => one.purpose },
          { name: 'When', narrow: true, cell: (one) => <Time at={one.at} /> },
          { name: 'Request', narrow: true, cell: (one) => <Mono>{one.correlationId}</Mono> },
        ]}
        rowKey={(one) => `${one.secret}${one.instance}${one.at}${one.purpose}${one.correlationId}`}
        cli={`maestro secret accesses ${option}`}
        empty={<p>No instance was given a secret within 90 days.</p>}
      />
    </Page>
  );
}

function Put({ where, present, onClose }: { where: Where; present?: Secret; onClose: () => void }): ReactNode {
  const [name, setName] = useState(present?.name ?? '');
  const [value, setValue] = useState('');
  return (
    <ActDialog
      title={present ? `New version of ${present.name}` : 'Put a secret'}
      verb="Put"
      ready={name !== '' && value !== ''}
      command={{
        cli: `maestro secret set ${name || 'NAME'} -t ${where.tenant} -e ${where.environment}`,
        method: 'PUT',
        address: `/api/tenants/${where.tenant}/environments/${where.environment}/secrets/${encodeURIComponent(name)}`,
        body: { value: 'VALUE' },
      }}
      run={({ approval }) => ask('put', ONE, { path: { ...where, secret: name }, body: { value }, ifMatch: present ? `"${present.version}"` : null, approval })}
      onClose={onClose}
    >
      {!present && <TextField label="Name" value={name} onChange={setName} required help="For example shared/database. A name that is there already gets another version." />}
      <TextField label="Value" value={value} onChange={setValue} required secret help="Never shown again. Instances that use it follow to the new version by themselves." />
    </ActDialog>
  );
}
