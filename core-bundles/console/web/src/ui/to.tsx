// Addresses of the console: everything that a page shows is in them, the scope first.
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../session';

export type Search = Readonly<Record<string, string | undefined>>;

/** What stands in the address after the question mark. */
export function useQuery(): Search {
  return useRouterState({ select: (state) => state.location.search as Search });
}

/** Changes what stands in the address; a changed filter begins at the first page again. */
export function useSetQuery(): (changed: Search) => void {
  const navigate = useNavigate();
  return (changed) => {
    void navigate({
      to: '.',
      search: ((now: Search) => clean({ ...now, ...('cursor' in changed ? {} : { cursor: undefined }), ...changed })) as never,
      replace: !('cursor' in changed || 'tenant' in changed),
    });
  };
}

function clean(search: Search): Search {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ''));
}

export interface Scope {
  readonly tenant: string | null;
  readonly environment: string | null;
}

/** The tenant and environment that the page is about: those of the address, else those the caller is confined to. */
export function useScope(): Scope {
  const query = useQuery();
  const session = useSession();
  const principal = session.state === 'in' ? session.principal : null;
  return {
    tenant: query['tenant'] ?? principal?.tenant ?? null,
    environment: query['environment'] ?? principal?.environment ?? null,
  };
}

interface ToProps {
  readonly to: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly search?: Search;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A link within the console that keeps the scope. */
export function To({ to, params, search, className, children }: ToProps): ReactNode {
  const query = useQuery();
  return (
    <Link
      to={to as never}
      params={(params ?? {}) as never}
      search={clean({ tenant: query['tenant'], environment: query['environment'], ...search }) as never}
      {...(className === undefined ? {} : { className })}
    >
      {children}
    </Link>
  );
}

/** Goes somewhere within the console and keeps the scope. */
export function useGo(): (to: string, params?: Readonly<Record<string, string>>, search?: Search) => void {
  const navigate = useNavigate();
  const query = useQuery();
  return (to, params, search) => {
    void navigate({
      to: to as never,
      params: (params ?? {}) as never,
      search: clean({ tenant: query['tenant'], environment: query['environment'], ...search }) as never,
    });
  };
}
