// How people get in: by an identity provider, which gives the browser a session, or with an API token for this tab.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { Form } from '@patternfly/react-core/dist/esm/components/Form/index.js';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { address, problemIn, read } from './api/client';
import { useBranding } from './branding';
import { logInWith, loginBegins } from './session';
import { TextField } from './ui/field';
import { ProblemText } from './ui/problem-text';

export function Login({ ended }: { ended: boolean }): ReactNode {
  const branding = useBranding();
  return (
    <main className="login">
      <div className="login-box">
        <h1>
          <img src={new URL('./mark.svg', import.meta.url).href} alt="" width="28" height="28" /> {branding.name}
        </h1>
        {ended && (
          <p role="status" className="login-ended">
            Your session has ended. Log in again; the page you were on opens afterwards.
          </p>
        )}
        <ByProvider />
        <ByToken />
      </div>
    </main>
  );
}

function ByProvider(): ReactNode {
  const [tenant, setTenant] = useState('');
  const [asked, setAsked] = useState('');
  const providers = useQuery({
    queryKey: ['login-providers', asked],
    queryFn: ({ signal }) => read('/api/login/providers', { query: { tenant: asked }, signal }),
  });
  const returnTo = location.pathname + location.search;
  return (
    <section aria-labelledby="by-provider">
      <h2 id="by-provider">With your identity provider</h2>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(tenant.trim());
        }}
      >
        <TextField label="Tenant" value={tenant} onChange={setTenant} help="Leave it empty for providers of the installation." />
        <Button type="submit" variant="secondary">
          Show its providers
        </Button>
      </Form>
      <ul className="providers">
        {providers.data?.items.map((provider) => (
          <li key={provider.name}>
            <Button component="a" variant="primary" isBlock onClick={loginBegins} href={address('/api/login', { query: { tenant: asked, provider: provider.name, returnTo } })}>
              Log in with {provider.displayName}
            </Button>
          </li>
        ))}
      </ul>
      {providers.data?.items.length === 0 && <p className="dim">{asked === '' ? 'The installation has' : `${asked} has`} no provider where people can log in.</p>}
      {providers.isError && <ProblemText problem={problemIn(providers.error).problem} />}
    </section>
  );
}

function ByToken(): ReactNode {
  const [token, setToken] = useState('');
  const [error, setError] = useState<unknown>(null);
  return (
    <section aria-labelledby="by-token">
      <h2 id="by-token">With an API token</h2>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          setError(null);
          logInWith(token.trim()).catch(setError);
        }}
      >
        <TextField label="Token" value={token} onChange={setToken} secret help="Kept in this tab until it is closed. The first admin's is in the file bootstrap-token of the data folder." />
        <Button type="submit" variant="primary" isDisabled={token.trim() === ''}>
          Log in
        </Button>
      </Form>
      {error !== null && (
        <div role="alert" className="login-refused">
          <ProblemText problem={problemIn(error).problem} />
        </div>
      )}
    </section>
  );
}
