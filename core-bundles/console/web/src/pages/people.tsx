// Who may get in: members, tokens, sessions, and the providers that vouch for people.
import { Checkbox } from '@patternfly/react-core/dist/esm/components/Checkbox/index.js';
import { ClipboardCopy } from '@patternfly/react-core/dist/esm/components/ClipboardCopy/index.js';
import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal/index.js';
import { useState, type ReactNode } from 'react';
import { ask, type Schemas } from '../api/client';
import { may, usePrincipal } from '../session';
import { ActButton, ActDialog } from '../ui/act';
import { TextField } from '../ui/field';
import { List } from '../ui/list';
import { Page, Scoped } from '../ui/page';
import { Teaching } from '../ui/problem';
import { Mono, Short, State, Tag, Time } from '../ui/text';
import { useScope } from '../ui/to';

const WITHIN = ['tenant_admin', 'tenant_developer', 'auditor', 'service'];
const OF_INSTALLATION = ['platform_admin', 'publisher', 'reviewer', 'auditor', 'service'];

/** Of the tenant that is chosen, else of the installation. */
function Whose({ children }: { children: (tenant: string | null) => ReactNode }): ReactNode {
  const scope = useScope();
  const principal = usePrincipal();
  if (scope.tenant === null && !may(principal, 'PLATFORM_AUDIT')) {
    return (
      <Teaching title="Choose a tenant">
        <p>Those of the installation are shown to its admins and auditors.</p>
      </Teaching>
    );
  }
  return children(scope.tenant);
}

const option = (tenant: string | null) => (tenant === null ? '' : ` --tenant ${tenant}`);
const write = (tenant: string | null) => (tenant === null ? ('PLATFORM_WRITE' as const) : ('TENANT_WRITE' as const));
const of = (tenant: string | null) => (tenant === null ? 'Of the installation' : `Of ${tenant}`);

function Roles({ among, value, onChange }: { among: readonly string[]; value: readonly string[]; onChange: (roles: readonly string[]) => void }): ReactNode {
  return (
    <fieldset className="group">
      <legend>Roles</legend>
      {among.map((role) => (
        <Checkbox key={role} id={`role-${role}`} label={role} isChecked={value.includes(role)} onChange={(_, on) => onChange(on ? [...value, role] : value.filter((other) => other !== role))} />
      ))}
    </fieldset>
  );
}

const roles = (all: readonly string[]) =>
  all.map((role) => (
    <span key={role}>
      <Tag colour="grey">{role}</Tag>{' '}
    </span>
  ));

export function MembersPage(): ReactNode {
  return (
    <Scoped>
      {(tenant) => (
        <Page
          title="Members"
          sub="People and programs that an identity provider vouches for, and what this tenant lets them do in addition."
          actions={
            <ActButton right="TENANT_WRITE" variant="primary" dialog={(close) => <PutMember tenant={tenant} onClose={close} />}>
              Add a member
            </ActButton>
          }
        >
          <List<Schemas['Member']>
            label="Members"
            path="/api/tenants/{tenant}/members"
            names={{ tenant }}
            columns={[
              { name: 'Principal', cell: (one) => <><Mono>{one.principal}</Mono><div className="dim">{one.displayName}</div></> },
              { name: 'Roles', cell: (one) => roles(one.roles) },
              { name: 'Environment', narrow: true, cell: (one) => one.environment ?? <span className="dim">all</span> },
              { name: 'Changed', narrow: true, cell: (one) => <Time at={one.updatedAt} /> },
              {
                name: 'Acts',
                narrow: true,
                cell: (one) => (
                  <span className="cell-acts">
                    <ActButton right="TENANT_WRITE" small variant="link" dialog={(close) => <PutMember tenant={tenant} present={one} onClose={close} />}>
                      Change
                    </ActButton>
                    <ActButton
                      right="TENANT_WRITE"
                      small
                      variant="link"
                      dialog={(close) => (
                        <ActDialog
                          title="Remove a member"
                          verb="Remove"
                          danger
                          command={{ cli: `maestro member remove --tenant ${tenant} ${one.principal}`, method: 'DELETE', address: `/api/tenants/${tenant}/members/${encodeURIComponent(one.principal)}` }}
                          run={({ approval }) => ask('delete', '/api/tenants/{tenant}/members/{member}', { path: { tenant, member: one.principal }, ifMatch: `"${one.revision}"`, approval })}
                          onClose={close}
                        >
                          <p>
                            <Mono>{one.principal}</Mono> loses what this tenant gave; what the identity provider grants stays.
                          </p>
                        </ActDialog>
                      )}
                    >
                      Remove
                    </ActButton>
                  </span>
                ),
              },
            ]}
            rowKey={(one) => one.principal}
            cli={`maestro member list --tenant ${tenant}`}
            empty={<p>No member yet. Add the principal that <Mono>maestro whoami</Mono> shows somebody who has logged in.</p>}
          />
        </Page>
      )}
    </Scoped>
  );
}

function PutMember({ tenant, present, onClose }: { tenant: string; present?: Schemas['Member']; onClose: () => void }): ReactNode {
  const [member, setMember] = useState(present?.principal ?? '');
  const [displayName, setDisplayName] = useState(present?.displayName ?? '');
  const [chosen, setChosen] = useState<readonly string[]>(present?.roles ?? ['tenant_developer']);
  const [environment, setEnvironment] = useState(present?.environment ?? '');
  const body = { displayName: displayName || null, roles: chosen, environment: environment || null };
  return (
    <ActDialog
      title={present ? 'Change a member' : 'Add a member'}
      verb={present ? 'Change' : 'Add'}
      ready={member !== ''}
      command={{ cli: `maestro member put --tenant ${tenant} ${chosen.map((role) => `--role ${role} `).join('')}${environment ? `-e ${environment} ` : ''}${member || 'PRINCIPAL'}`, method: 'PUT', address: `/api/tenants/${tenant}/members/${encodeURIComponent(member)}`, body }}
      run={({ approval }) => ask('put', '/api/tenants/{tenant}/members/{member}', { path: { tenant, member }, body, ifMatch: present ? `"${present.revision}"` : null, approval })}
      onClose={onClose}
    >
      {!present && <TextField label="Principal" value={member} onChange={setMember} required />}
      <TextField label="Name" value={displayName} onChange={setDisplayName} />
      <Roles among={WITHIN} value={chosen} onChange={setChosen} />
      <TextField label="Environment" value={environment} onChange={setEnvironment} help="Empty for all." />
    </ActDialog>
  );
}

export function TokensPage(): ReactNode {
  const [shown, setShown] = useState<Schemas['CreatedToken'] | null>(null);
  return (
    <Whose>
      {(tenant) => (
        <Page
          title="Tokens"
          sub={`${of(tenant)}. A token is shown once, when it is made.`}
          actions={
            <ActButton right={write(tenant)} variant="primary" dialog={(close) => <CreateToken tenant={tenant} onDone={setShown} onClose={close} />}>
              Create a token
            </ActButton>
          }
        >
          <List<Schemas['Token']>
            label="Tokens"
            path={tenant === null ? '/api/tokens' : '/api/tenants/{tenant}/tokens'}
            names={tenant === null ? {} : { tenant }}
            columns={[
              { name: 'Name', cell: (one) => <>{one.name} <Short text={one.id} length={8} /></> },
              { name: 'Roles', cell: (one) => roles(one.roles) },
              { name: 'Environment', narrow: true, cell: (one) => one.environment ?? <span className="dim">all</span> },
              { name: 'State', narrow: true, cell: (one) => <State of={one.revokedAt !== null ? 'revoked' : Date.parse(one.expiresAt) < Date.now() ? 'expired' : 'active'} /> },
              { name: 'Last used', narrow: true, cell: (one) => <Time at={one.lastUsedAt} /> },
              { name: 'Expires', narrow: true, cell: (one) => <Time at={one.expiresAt} /> },
              {
                name: 'Acts',
                narrow: true,
                cell: (one) =>
                  one.revokedAt !== null ? null : (
                    <span className="cell-acts">
                      <ActButton right={write(tenant)} small variant="link" dialog={(close) => <RotateToken tenant={tenant} token={one} onDone={setShown} onClose={close} />}>
                        Rotate
                      </ActButton>
                      <ActButton right={write(tenant)} small variant="link" dialog={(close) => <RevokeToken tenant={tenant} token={one} onClose={close} />}>
                        Revoke
                      </ActButton>
                    </span>
                  ),
              },
            ]}
            rowKey={(one) => one.id}
            cli={`maestro token list${option(tenant)}`}
            empty={<p>No token yet. Programs use them as <Mono>Authorization: Bearer</Mono>; make each for one purpose, with the least role.</p>}
          />
          {shown !== null && (
            <Modal variant="small" isOpen onClose={() => setShown(null)} aria-labelledby="token-title">
              <ModalHeader title={`The token ${shown.token.name}`} labelId="token-title" />
              <ModalBody tabIndex={0} aria-label="Token">
                <p>Copy it now: it is not shown again, and nobody can look it up.</p>
                <ClipboardCopy isReadOnly hoverTip="Copy" clickTip="Copied" textAriaLabel="Token">
                  {shown.bearer}
                </ClipboardCopy>
              </ModalBody>
            </Modal>
          )}
        </Page>
      )}
    </Whose>
  );
}

function CreateToken({ tenant, onDone, onClose }: { tenant: string | null; onDone: (token: Schemas['CreatedToken']) => void; onClose: () => void }): ReactNode {
  const among = tenant === null ? OF_INSTALLATION : WITHIN;
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(['service']);
  const [environment, setEnvironment] = useState('');
  const [days, setDays] = useState('90');
  const body = { name, roles: chosen, environment: environment || null, lifetimeDays: days === '' ? null : Number(days) };
  return (
    <ActDialog<Schemas['CreatedToken']>
      title="Create a token"
      verb="Create"
      ready={name !== '' && chosen.length > 0 && /^\d*$/.test(days)}
      command={{
        cli: `maestro token create ${name || 'NAME'}${option(tenant)}${environment ? ` --environment ${environment}` : ''} ${chosen.map((role) => `--role ${role}`).join(' ')} --days ${days || 'N'}`,
        method: 'POST',
        address: tenant === null ? '/api/tokens' : `/api/tenants/${tenant}/tokens`,
        body,
      }}
      run={async ({ key, approval }) => (tenant === null ? await ask('post', '/api/tokens', { body, key, approval }) : await ask('post', '/api/tenants/{tenant}/tokens', { path: { tenant }, body, key, approval })).value}
      onDone={onDone}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} required help="What it is for." />
      <Roles among={among} value={chosen} onChange={setChosen} />
      {tenant !== null && <TextField label="Environment" value={environment} onChange={setEnvironment} help="Empty for all." />}
      <TextField label="Days" value={days} onChange={setDays} />
    </ActDialog>
  );
}

function RotateToken({ tenant, token, onDone, onClose }: { tenant: string | null; token: Schemas['Token']; onDone: (token: Schemas['CreatedToken']) => void; onClose: () => void }): ReactNode {
  const [minutes, setMinutes] = useState('0');
  const body = { graceMinutes: Number(minutes) };
  const ifMatch = `"${token.revision}"`;
  return (
    <ActDialog<Schemas['CreatedToken']>
      title={`Rotate ${token.name}`}
      verb="Rotate"
      ready={/^\d+$/.test(minutes)}
      command={{ cli: `maestro token rotate ${token.id}${option(tenant)} --grace-minutes ${minutes}`, method: 'POST', address: tenant === null ? `/api/tokens/${token.id}/rotate` : `/api/tenants/${tenant}/tokens/${token.id}/rotate`, body }}
      run={async ({ key, approval }) =>
        (tenant === null
          ? await ask('post', '/api/tokens/{id}/rotate', { path: { id: token.id }, body, key, ifMatch, approval })
          : await ask('post', '/api/tenants/{tenant}/tokens/{id}/rotate', { path: { tenant, id: token.id }, body, key, ifMatch, approval })
        ).value
      }
      onDone={onDone}
      onClose={onClose}
    >
      <TextField label="Minutes for which the present value stays good" value={minutes} onChange={setMinutes} />
    </ActDialog>
  );
}

function RevokeToken({ tenant, token, onClose }: { tenant: string | null; token: Schemas['Token']; onClose: () => void }): ReactNode {
  const ifMatch = `"${token.revision}"`;
  return (
    <ActDialog<unknown>
      title={`Revoke ${token.name}`}
      verb="Revoke"
      danger
      typeName={token.name}
      command={{ cli: `maestro token revoke ${token.id}${option(tenant)}`, method: 'DELETE', address: tenant === null ? `/api/tokens/${token.id}` : `/api/tenants/${tenant}/tokens/${token.id}` }}
      run={({ approval }) =>
        tenant === null ? ask('delete', '/api/tokens/{id}', { path: { id: token.id }, ifMatch, approval }) : ask('delete', '/api/tenants/{tenant}/tokens/{id}', { path: { tenant, id: token.id }, ifMatch, approval })
      }
      onClose={onClose}
    >
      <p>Whoever uses it is refused from now on.</p>
    </ActDialog>
  );
}

export function SessionsPage(): ReactNode {
  return (
    <Whose>
      {(tenant) => (
        <Page title="Sessions" sub={`${of(tenant)}: people who are logged in with a browser.`}>
          <List<Schemas['Session']>
            label="Sessions"
            path={tenant === null ? '/api/sessions' : '/api/tenants/{tenant}/sessions'}
            names={tenant === null ? {} : { tenant }}
            columns={[
              { name: 'Who', cell: (one) => <>{one.name}<div className="dim"><Mono>{one.principal}</Mono></div></> },
              { name: 'Provider', cell: (one) => one.provider },
              { name: 'Roles', cell: (one) => roles(one.roles) },
              { name: 'Began', narrow: true, cell: (one) => <Time at={one.createdAt} /> },
              { name: 'Last used', narrow: true, cell: (one) => <Time at={one.lastUsedAt} /> },
              { name: 'Ends', narrow: true, cell: (one) => <Time at={one.expiresAt} /> },
              {
                name: 'Acts',
                narrow: true,
                cell: (one) => (
                  <ActButton
                    right={write(tenant)}
                    small
                    variant="link"
                    dialog={(close) => (
                      <ActDialog<unknown>
                        title={`End the session of ${one.name}`}
                        verb="End it"
                        danger
                        command={{ cli: `maestro session end ${one.id}${option(tenant)}`, method: 'DELETE', address: tenant === null ? `/api/sessions/${one.id}` : `/api/tenants/${tenant}/sessions/${one.id}` }}
                        run={({ approval }) => (tenant === null ? ask('delete', '/api/sessions/{id}', { path: { id: one.id }, approval }) : ask('delete', '/api/tenants/{tenant}/sessions/{id}', { path: { tenant, id: one.id }, approval }))}
                        onClose={close}
                      >
                        <p>The browser has to log in again.</p>
                      </ActDialog>
                    )}
                  >
                    End
                  </ActButton>
                ),
              },
            ]}
            rowKey={(one) => one.id}
            cli={`maestro session list${option(tenant)}`}
            empty={<p>Nobody is logged in by an identity provider. Tokens have no session.</p>}
          />
        </Page>
      )}
    </Whose>
  );
}

export function ProvidersPage(): ReactNode {
  return (
    <Whose>
      {(tenant) => (
        <Page
          title="Identity providers"
          sub={`${of(tenant)}: who vouches for people and programs.`}
          actions={
            <ActButton right={write(tenant)} variant="primary" dialog={(close) => <AddProvider tenant={tenant} onClose={close} />}>
              Add a provider
            </ActButton>
          }
        >
          <List<Schemas['IdentityProvider']>
            label="Identity providers"
            path={tenant === null ? '/api/identity-providers' : '/api/tenants/{tenant}/identity-providers'}
            names={tenant === null ? {} : { tenant }}
            columns={[
              { name: 'Provider', cell: (one) => <>{one.displayName}<div className="dim">{one.name}</div></> },
              { name: 'Instance', cell: (one) => `${one.tenant} / ${one.environment} / ${one.instance}` },
              { name: 'Issuer', cell: (one) => <span className="breaks">{one.issuer}</span> },
              { name: 'Comes back to', cell: (one) => <span className="breaks"><Mono>{one.redirectUri}</Mono></span> },
              { name: 'May grant', cell: (one) => roles(one.roles) },
              { name: 'State', narrow: true, cell: (one) => <><State of={one.enabled ? 'enabled' : 'disabled'} /> {!one.confirmed && <Tag colour="orange">to be agreed to</Tag>}</> },
              {
                name: 'Acts',
                narrow: true,
                cell: (one) => (
                  <ActButton right={write(tenant)} small variant="link" dialog={(close) => <ChangeProvider tenant={tenant} provider={one} onClose={close} />}>
                    {one.enabled && one.confirmed ? 'Switch off' : 'Agree and switch on'}
                  </ActButton>
                ),
              },
            ]}
            rowKey={(one) => one.name}
            cli={`maestro identity-provider list${option(tenant)}`}
            empty={<p>No provider yet. Create an instance of the type identity, for example of identity-oidc, and add it here; its people can then log in to this console.</p>}
          />
        </Page>
      )}
    </Whose>
  );
}

function AddProvider({ tenant, onClose }: { tenant: string | null; onClose: () => void }): ReactNode {
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [owner, setOwner] = useState('');
  const [environment, setEnvironment] = useState('prod');
  const [instance, setInstance] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const body = { name, displayName: displayName || null, ...(tenant === null ? { tenant: owner } : {}), environment, instance, roles: chosen };
  return (
    <ActDialog<unknown>
      title="Add an identity provider"
      verb="Add"
      ready={name !== '' && instance !== '' && environment !== '' && (tenant !== null || owner !== '')}
      command={{
        cli: `maestro identity-provider add ${name || 'PROVIDER'}${option(tenant)} --environment ${environment} --instance ${instance || 'INSTANCE'}${tenant === null ? ` --instance-tenant ${owner || 'TENANT'}` : ''} ${chosen.map((role) => `--role ${role}`).join(' ')}`,
        method: 'POST',
        address: tenant === null ? '/api/identity-providers' : `/api/tenants/${tenant}/identity-providers`,
        body,
      }}
      run={({ key, approval }) => (tenant === null ? ask('post', '/api/identity-providers', { body, key, approval }) : ask('post', '/api/tenants/{tenant}/identity-providers', { path: { tenant }, body, key, approval }))}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} required />
      <TextField label="Name for people" value={displayName} onChange={setDisplayName} />
      {tenant === null && <TextField label="Tenant of the instance" value={owner} onChange={setOwner} required />}
      <TextField label="Environment of the instance" value={environment} onChange={setEnvironment} required />
      <TextField label="Instance" value={instance} onChange={setInstance} required help="Of the type identity, and running." />
      <Roles among={tenant === null ? OF_INSTALLATION : WITHIN} value={chosen} onChange={setChosen} />
    </ActDialog>
  );
}

function ChangeProvider({ tenant, provider, onClose }: { tenant: string | null; provider: Schemas['IdentityProvider']; onClose: () => void }): ReactNode {
  const on = !(provider.enabled && provider.confirmed);
  const body = {
    displayName: provider.displayName,
    ...(tenant === null ? { tenant: provider.tenant } : {}),
    environment: provider.environment,
    instance: provider.instance,
    roles: provider.roles,
    enabled: on,
    ...(on ? { agreedFingerprint: provider.instanceFingerprint } : {}),
  };
  const ifMatch = `"${provider.revision}"`;
  return (
    <ActDialog<unknown>
      title={on ? `Agree to ${provider.name}` : `Switch ${provider.name} off`}
      verb={on ? 'Agree' : 'Switch off'}
      danger
      typeName={provider.name}
      command={{ cli: `maestro identity-provider ${on ? `enable ${provider.name} --fingerprint ${provider.instanceFingerprint ?? 'SHA256'}` : `disable ${provider.name}`}${option(tenant)}`, method: 'PUT', address: tenant === null ? `/api/identity-providers/${provider.name}` : `/api/tenants/${tenant}/identity-providers/${provider.name}`, body }}
      run={({ approval }) =>
        tenant === null
          ? ask('put', '/api/identity-providers/{provider}', { path: { provider: provider.name }, body, ifMatch, approval })
          : ask('put', '/api/tenants/{tenant}/identity-providers/{provider}', { path: { tenant, provider: provider.name }, body, ifMatch, approval })
      }
      onClose={onClose}
    >
      {on ? (
        <p>
          Its instance is now configured as <Mono>{provider.instanceFingerprint ?? 'unknown'}</Mono>. People whom it vouches for get up to these roles: {provider.roles.join(', ') || 'none'}.
        </p>
      ) : (
        <p>Tokens of its people are good no longer, and their sessions end.</p>
      )}
    </ActDialog>
  );
}
