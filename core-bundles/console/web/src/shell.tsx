// What is around every page: where to go, whose tenant and environment it is about, and the keys that lead there.
import { Button } from '@patternfly/react-core/dist/esm/components/Button/index.js';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect/index.js';
import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal/index.js';
import BarsIcon from '@patternfly/react-icons/dist/esm/icons/bars-icon';
import MoonIcon from '@patternfly/react-icons/dist/esm/icons/moon-icon';
import SunIcon from '@patternfly/react-icons/dist/esm/icons/sun-icon';
import { keepPreviousData, useQuery as useServer, useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { read } from './api/client';
import type { Right } from './api/rights.gen';
import { useBranding } from './branding';
import { keepLive, useLiveness } from './live';
import { logOut, may, usePrincipal } from './session';
import { useTheme } from './theme';
import { To, useGo, useScope, useSetQuery } from './ui/to';

interface Place {
  readonly to: string;
  readonly name: string;
  readonly key: string;
  readonly right: Right;
}

const PLACES: readonly (readonly [string, readonly Place[]])[] = [
  ['', [{ to: '/', name: 'Overview', key: 'o', right: 'SELF' }]],
  [
    'Scope',
    [
      { to: '/instances', name: 'Instances', key: 'i', right: 'TENANT_READ' },
      { to: '/health', name: 'Health', key: 'h', right: 'TENANT_READ' },
      { to: '/secrets', name: 'Secrets', key: 's', right: 'TENANT_READ' },
      { to: '/members', name: 'Members', key: 'm', right: 'TENANT_AUDIT' },
    ],
  ],
  [
    'Adapters',
    [
      { to: '/adapters', name: 'Catalogue', key: 'a', right: 'PLATFORM_READ' },
      { to: '/install', name: 'Install', key: 'u', right: 'ARTIFACT_SUBMIT' },
      { to: '/quarantine', name: 'Quarantine', key: 'q', right: 'QUARANTINE_READ' },
      { to: '/publishers', name: 'Publishers', key: 'k', right: 'PLATFORM_READ' },
    ],
  ],
  [
    'Governance',
    [
      { to: '/policy', name: 'Policy', key: 'p', right: 'TENANT_AUDIT' },
      { to: '/policy/decisions', name: 'Decisions', key: 'd', right: 'TENANT_AUDIT' },
      { to: '/approvals', name: 'Approvals', key: 'v', right: 'APPROVAL_READ' },
      { to: '/receipts', name: 'Receipts', key: 'r', right: 'TENANT_AUDIT' },
      { to: '/security-events', name: 'Security events', key: 'e', right: 'PLATFORM_AUDIT' },
    ],
  ],
  [
    'Access',
    [
      { to: '/tenants', name: 'Tenants', key: 't', right: 'TENANT_LIST' },
      { to: '/tokens', name: 'Tokens', key: 'n', right: 'TENANT_AUDIT' },
      { to: '/sessions', name: 'Sessions', key: 'x', right: 'TENANT_AUDIT' },
      { to: '/identity-providers', name: 'Identity providers', key: 'y', right: 'TENANT_AUDIT' },
    ],
  ],
  ['Server', [{ to: '/node', name: 'This node', key: 'c', right: 'PLATFORM_AUDIT' }]],
];

export function Shell(): ReactNode {
  const scope = useScope();
  const principal = usePrincipal();
  const branding = useBranding();
  const client = useQueryClient();
  const [help, setHelp] = useState(false);
  const [folded, setFolded] = useState(() => matchMedia('(max-width: 60rem)').matches);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  useKeys(() => setHelp(true));
  useEffect(() => {
    const ended = new AbortController();
    keepLive(client, principal.id, ended.signal);
    return () => ended.abort();
  }, [client, principal.id]);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current !== path) main.current?.focus();
    shown.current = path;
    if (matchMedia('(max-width: 60rem)').matches) setFolded(true);
  }, [path]);
  return (
    <div className="shell" data-environment={scope.environment === 'prod' ? 'prod' : undefined} data-folded={folded || undefined}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="masthead">
        <Button variant="plain" size="sm" aria-label="Navigation" aria-expanded={!folded} icon={<BarsIcon />} onClick={() => setFolded(!folded)} />
        <To to="/" className="product">
          <img src={new URL('./mark.svg', import.meta.url).href} alt="" width="20" height="20" />
          {branding.name}
        </To>
        <ScopeSwitch />
        <span className="spring" />
        <Live />
        <ThemeButton />
        <Button variant="plain" size="sm" aria-label="Keyboard shortcuts" onClick={() => setHelp(true)} icon={<kbd>?</kbd>} />
        {branding.supportUrl !== null && (
          <a href={branding.supportUrl} target="_blank" rel="noreferrer">
            Help
          </a>
        )}
        <span className="who" title={principal.roles.join(', ')}>
          {principal.name}
        </span>
        <Button variant="link" size="sm" onClick={() => void logOut()}>
          Log out
        </Button>
      </header>
      <nav className="places" aria-label="Console" hidden={folded}>
        {PLACES.map(([group, places]) => {
          const open = places.filter((place) => may(principal, place.right));
          return open.length === 0 ? null : (
            <div key={group}>
              {group !== '' && <h2>{group}</h2>}
              <ul>
                {open.map((place) => (
                  <li key={place.to}>
                    <To to={place.to} className={isAt(path, place.to) ? 'here' : ''}>
                      {place.name}
                    </To>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </nav>
      <main id="main" ref={main} tabIndex={-1}>
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
      {help && <Keys onClose={() => setHelp(false)} />}
    </div>
  );
}

const TARGETS = PLACES.flatMap(([, places]) => places.map((place) => place.to));

/** Whether a page is at a place; the longest that fits counts. */
function isAt(path: string, to: string): boolean {
  const own = path.replace(/^\/console/, '') || '/';
  const fits = (target: string) => own === target || (target !== '/' && own.startsWith(`${target}/`));
  return fits(to) && !TARGETS.some((other) => other.length > to.length && fits(other));
}

/** How many tenants are offered to whoever types. */
const OFFERED = 50;

function ScopeSwitch(): ReactNode {
  const scope = useScope();
  const set = useSetQuery();
  const principal = usePrincipal();
  const [typed, setTyped] = useState(scope.tenant ?? '');
  useEffect(() => setTyped(scope.tenant ?? ''), [scope.tenant]);
  const lists = principal.tenant === null && may(principal, 'TENANT_LIST');
  const [prefix, setPrefix] = useState('');
  useEffect(() => {
    // who types is not asked about for each letter
    const timer = setTimeout(() => setPrefix(typed === (scope.tenant ?? '') ? '' : typed.trim()), 150);
    return () => clearTimeout(timer);
  }, [typed, scope.tenant]);
  const tenants = useServer({
    queryKey: ['switch', 'tenants', prefix],
    queryFn: ({ signal }) => read('/api/tenants', { query: { prefix, limit: OFFERED }, signal }),
    enabled: lists,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
  const environments = useServer({
    queryKey: ['switch', 'environments', scope.tenant],
    queryFn: ({ signal }) => read('/api/tenants/{tenant}/environments', { path: { tenant: scope.tenant ?? '' }, query: { limit: 100 }, signal }),
    enabled: scope.tenant !== null && may(principal, 'TENANT_READ'),
    staleTime: 30_000,
  });
  const names = environments.data?.items.map((environment) => environment.name) ?? [];
  const here = scope.environment;
  const choose = (tenant: string) => set({ tenant: tenant.trim() || undefined, environment: undefined });
  return (
    <div className="scope" role="group" aria-label="Tenant and environment">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose(typed);
        }}
      >
        <input
          aria-label="Tenant"
          list="tenants"
          placeholder="All tenants"
          value={typed}
          readOnly={principal.tenant !== null}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.target.value);
            if (tenants.data?.items.some((tenant) => tenant.id === event.target.value)) choose(event.target.value);
          }}
          onBlur={() => typed !== (scope.tenant ?? '') && choose(typed)}
        />
        <datalist id="tenants">
          {tenants.data?.items.map((tenant) => (
            <option key={tenant.id} value={tenant.id}>
              {tenant.displayName}
            </option>
          ))}
        </datalist>
      </form>
      <FormSelect
        aria-label="Environment"
        value={here ?? ''}
        isDisabled={scope.tenant === null || principal.environment !== null}
        onChange={(_, chosen) => set({ environment: chosen || undefined })}
      >
        <FormSelectOption value="" label="All environments" />
        {[...new Set([...names, ...(here === null ? [] : [here])])].map((name) => (
          <FormSelectOption key={name} value={name} label={name} />
        ))}
      </FormSelect>
      {here === 'prod' && <strong className="prod">production</strong>}
    </div>
  );
}

function Live(): ReactNode {
  const live = useLiveness();
  return (
    <span className="liveness" title={live.by === 'stream' ? 'Changes show at once.' : 'Lists are asked again every ten seconds.'}>
      {live.by === 'stream' ? 'live' : 'every 10 s'}
    </span>
  );
}

function ThemeButton(): ReactNode {
  const [theme, toggle] = useTheme();
  return <Button variant="plain" size="sm" aria-label={theme === 'dark' ? 'Light colours' : 'Dark colours'} icon={theme === 'dark' ? <SunIcon /> : <MoonIcon />} onClick={toggle} />;
}

/** `/` searches, `g` and a letter goes, `?` tells. */
function useKeys(onHelp: () => void): void {
  const go = useGo();
  const principal = usePrincipal();
  const began = useRef(0);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const typing = target !== null && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
      if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('[role="dialog"]') !== null) return;
      if (event.key === '?') {
        onHelp();
      } else if (event.key === '/') {
        document.querySelector<HTMLElement>('#main [data-search], #main input[type="search"]')?.focus();
        event.preventDefault();
      } else if (event.key === 'g') {
        began.current = event.timeStamp;
      } else if (event.timeStamp - began.current < 1500) {
        began.current = 0;
        const place = PLACES.flatMap(([, places]) => places).find((one) => one.key === event.key && may(principal, one.right));
        if (place) go(place.to);
      }
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [go, onHelp, principal]);
}

function Keys({ onClose }: { onClose: () => void }): ReactNode {
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="keys-title">
      <ModalHeader title="Keyboard" labelId="keys-title" />
      <ModalBody tabIndex={0} aria-label="Keyboard">
        <dl className="keys">
          <div>
            <dt>
              <kbd>/</kbd>
            </dt>
            <dd>to the first filter</dd>
          </div>
          <div>
            <dt>
              <kbd>?</kbd>
            </dt>
            <dd>this page</dd>
          </div>
          {PLACES.flatMap(([, places]) => places).map((place) => (
            <div key={place.to}>
              <dt>
                <kbd>g</kbd> <kbd>{place.key}</kbd>
              </dt>
              <dd>{place.name}</dd>
            </div>
          ))}
        </dl>
      </ModalBody>
    </Modal>
  );
}
