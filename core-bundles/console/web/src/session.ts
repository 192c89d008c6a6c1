// Who uses the console. A token stays in this tab's session storage; a session is the server's cookie, which no script sees.
import { useSyncExternalStore } from 'react';
import { ask, askAs, ProblemError, type Schemas } from './api/client';
import { held, type Right } from './api/rights.gen';

export type Principal = Schemas['Principal'];

export type Session =
  | { readonly state: 'unknown' }
  | { readonly state: 'out'; readonly ended: boolean }
  | { readonly state: 'in'; readonly by: 'token' | 'cookie'; readonly principal: Principal };

const KEY = 'maestro.token';

/** Set where a login was begun: to ask for a session that is not there is noted as an attempt to overstep. */
const BEGUN = 'maestro.login-begun';

/** A login at an identity provider begins; afterwards this browser has a session, unless it failed. */
export function loginBegins(): void {
  localStorage.setItem(BEGUN, 'yes');
}

let session: Session = { state: 'unknown' };
const listeners = new Set<() => void>();

function become(next: Session): void {
  session = next;
  listeners.forEach((listener) => listener());
}

function lost(): void {
  const was = session.state === 'in';
  sessionStorage.removeItem(KEY);
  askAs(null, () => undefined);
  become({ state: 'out', ended: was });
}

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
  );
}

/** Finds out who uses the console: by the token of this tab, else by the browser's session. */
export async function resume(): Promise<void> {
  const token = sessionStorage.getItem(KEY);
  try {
    if (token !== null) {
      await logInWith(token);
      return;
    }
    if (localStorage.getItem(BEGUN) === null) {
      become({ state: 'out', ended: false });
      return;
    }
    askAs(null, () => undefined);
    const own = (await ask('get', '/api/session')).value;
    askAs({ kind: 'cookie', csrfToken: own.csrfToken }, lost);
    become({ state: 'in', by: 'cookie', principal: own.principal });
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401) {
      sessionStorage.removeItem(KEY);
      if (token === null) localStorage.removeItem(BEGUN);
    }
    askAs(null, () => undefined);
    become({ state: 'out', ended: false });
  }
}

/** Logs in with an API token, or throws why not. */
export async function logInWith(token: string): Promise<void> {
  askAs({ kind: 'token', bearer: token }, () => undefined);
  try {
    const principal = (await ask('get', '/api/whoami')).value;
    sessionStorage.setItem(KEY, token);
    askAs({ kind: 'token', bearer: token }, lost);
    become({ state: 'in', by: 'token', principal });
  } catch (error) {
    askAs(null, () => undefined);
    throw error;
  }
}

export async function logOut(): Promise<void> {
  if (session.state === 'in' && session.by === 'cookie') {
    await ask('post', '/api/logout');
    localStorage.removeItem(BEGUN);
  }
  lost();
  become({ state: 'out', ended: false });
}

/** Whether this principal has a right, as far as its roles tell; the server decides. */
export function may(principal: Principal, right: Right): boolean {
  const roles = principal.tenant === null ? held[right].platform : held[right].tenant;
  return principal.roles.some((role) => roles.includes(role));
}

/** The principal; only where somebody is logged in. */
export function usePrincipal(): Principal {
  const current = useSession();
  if (current.state !== 'in') throw new Error('nobody is logged in');
  return current.principal;
}

export function useMay(right: Right): boolean {
  return may(usePrincipal(), right);
}
