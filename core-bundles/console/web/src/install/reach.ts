import type { Schemas } from '../api/client';

/** What an installation changes beyond the catalogue, one sentence each; with none of them a button is enough to confirm it. */
export function reach(plan: Pick<Schemas['Plan'], 'effects' | 'permissions'>, before: Pick<Schemas['Definition'], 'version' | 'permissions'> | null): readonly string[] {
  const { effects, permissions } = plan;
  const instances = [...effects.instancesOpened, ...effects.instancesSwitched, ...effects.instancesClosed];
  const had = before === null ? [] : held(before.permissions);
  const gained = [...permissions.gained, ...permissions.importsGained.map((name) => `package:${name}`)].filter((one) => !had.includes(one));
  return [
    ...(instances.length === 0 ? [] : [`It touches what runs: ${instances.join(', ')}.`]),
    ...(effects.tenantsTouched.length === 0 ? [] : [`It touches tenants: ${effects.tenantsTouched.join(', ')}.`]),
    ...(gained.length === 0 ? [] : [`It gains ${before === null ? '' : `what ${before.version} had not: `}${gained.join(', ')}.`]),
  ];
}

/** As a plan names them. */
function held(permissions: Schemas['Definition']['permissions']): readonly string[] {
  return [...permissions.network.map((host) => `network:${host}`), ...(permissions.files ? ['files'] : []), ...permissions.packages.map((name) => `package:${name}`)];
}
