// Which page is at which address. Pages are loaded when they are first visited.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Failed, Lost } from './lost';
import { Shell } from './shell';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: Lost,
  // everything in the address is text; what a page does not know it ignores
  validateSearch: (search: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(Object.entries(search).filter(([, value]) => typeof value === 'string' || typeof value === 'number').map(([name, value]) => [name, String(value)])),
});

const at = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) => createRoute({ getParentRoute: () => root, path, component });

const pages = {
  adapters: () => import('./pages/adapters'),
  install: () => import('./pages/install'),
  rollouts: () => import('./pages/rollouts'),
  instances: () => import('./pages/instances'),
  instance: () => import('./pages/instance'),
  create: () => import('./pages/create-instance'),
  policy: () => import('./pages/policy'),
  approvals: () => import('./pages/approvals'),
  receipts: () => import('./pages/receipts'),
  tenants: () => import('./pages/tenants'),
  people: () => import('./pages/people'),
  secrets: () => import('./pages/secrets'),
  security: () => import('./pages/security'),
  health: () => import('./pages/health'),
  node: () => import('./pages/node'),
};

const tree = root.addChildren([
  at('/', lazyRouteComponent(() => import('./pages/overview'), 'Overview')),
  at('/adapters', lazyRouteComponent(pages.adapters, 'Adapters')),
  at('/adapters/$name/$version', lazyRouteComponent(pages.adapters, 'Adapter')),
  at('/adapters/$name/rollouts', lazyRouteComponent(pages.rollouts, 'Rollouts')),
  at('/rollouts/$id', lazyRouteComponent(pages.rollouts, 'RolloutPage')),
  at('/publishers', lazyRouteComponent(pages.adapters, 'Publishers')),
  at('/quarantine', lazyRouteComponent(pages.install, 'Quarantine')),
  at('/install', lazyRouteComponent(pages.install, 'Install')),
  at('/instances', lazyRouteComponent(pages.instances, 'Instances')),
  at('/instances/new', lazyRouteComponent(pages.create, 'CreateInstance')),
  at('/instances/$instance', lazyRouteComponent(pages.instance, 'InstancePage')),
  at('/health', lazyRouteComponent(pages.health, 'HealthPage')),
  at('/node', lazyRouteComponent(pages.node, 'NodePage')),
  at('/policy', lazyRouteComponent(pages.policy, 'Policy')),
  at('/policy/decisions', lazyRouteComponent(pages.policy, 'DecisionsPage')),
  at('/policy/decisions/$decision', lazyRouteComponent(pages.policy, 'ExplainPage')),
  at('/policy/simulate', lazyRouteComponent(pages.policy, 'Simulate')),
  at('/approvals', lazyRouteComponent(pages.approvals, 'Approvals')),
  at('/receipts', lazyRouteComponent(pages.receipts, 'Receipts')),
  at('/receipts/chain', lazyRouteComponent(pages.receipts, 'ChainPage')),
  at('/receipts/$id', lazyRouteComponent(pages.receipts, 'ReceiptPage')),
  at('/tenants', lazyRouteComponent(pages.tenants, 'TenantsPage')),
  at('/tenants/$id', lazyRouteComponent(pages.tenants, 'TenantPage')),
  at('/members', lazyRouteComponent(pages.people, 'MembersPage')),
  at('/tokens', lazyRouteComponent(pages.people, 'TokensPage')),
  at('/sessions', lazyRouteComponent(pages.people, 'SessionsPage')),
  at('/identity-providers', lazyRouteComponent(pages.people, 'ProvidersPage')),
  at('/secrets', lazyRouteComponent(pages.secrets, 'SecretsPage')),
  at('/security-events', lazyRouteComponent(pages.security, 'SecurityEvents')),
]);

export const router = createRouter({
  routeTree: tree,
  basepath: '/console',
  trailingSlash: 'never',
  defaultErrorComponent: Failed,
  // plain texts, so that an address reads like one and a number stays what was typed
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')).toString();
    return text === '' ? '' : `?${text}`;
  },
});
