// The frame of a page.
import type { ReactNode } from 'react';
import { Teaching } from './problem';
import { To, useScope } from './to';

export function Page({ title, sub, actions, children }: { title: ReactNode; sub?: ReactNode; actions?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div className="page">
      <div className="page-head">
        <h1>{title}</h1>
        {sub !== undefined && <div className="sub">{sub}</div>}
        <span className="spring" />
        <div className="page-actions">{actions}</div>
      </div>
      {children}
    </div>
  );
}

/** A page that is about one tenant, and one environment if it says so. */
export function Scoped({ environment = false, children }: { environment?: boolean; children: (tenant: string, environment: string) => ReactNode }): ReactNode {
  const scope = useScope();
  if (scope.tenant === null) {
    return (
      <Teaching title="Choose a tenant">
        <p>
          This page is about one tenant. Type its name at the top, or choose one <To to="/tenants">from the list</To>.
        </p>
      </Teaching>
    );
  }
  if (environment && scope.environment === null) {
    return (
      <Teaching title="Choose an environment">
        <p>This page is about one environment of {scope.tenant}. Choose it at the top, beside the tenant.</p>
      </Teaching>
    );
  }
  return children(scope.tenant, scope.environment ?? '');
}

export function Card({ title, actions, children }: { title: ReactNode; actions?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
        <span className="spring" />
        {actions}
      </div>
      {children}
    </section>
  );
}
