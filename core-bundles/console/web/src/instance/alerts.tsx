// What has been wrong with instances for longer than a moment.
import type { ReactNode } from 'react';
import { read } from '../api/client';
import { useLive } from '../ui/list';
import { Card } from '../ui/page';
import { Failure } from '../ui/problem';
import { State, Time } from '../ui/text';
import { To } from '../ui/to';

interface Wanted {
  readonly tenant: string | null;
  readonly environment?: string;
  readonly instance?: string;
  readonly limit?: number;
}

/** The alerts of a tenant, or of one of its instances; without a tenant, of the installation. */
export function Alerts({ tenant, environment, instance, limit = 50 }: Wanted): ReactNode {
  const alerts = useLive(['alerts', tenant, environment, instance, limit], (signal) =>
    tenant === null ? read('/api/alerts', { query: { limit }, signal }) : read('/api/tenants/{tenant}/alerts', { path: { tenant }, query: { environment, instance, limit }, signal }),
  );
  return (
    <Card title="Alerts" actions={tenant === null ? undefined : <To to="/health">Health</To>}>
      {alerts.isError && <Failure error={alerts.error} />}
      {alerts.data?.items.length === 0 && <p className="good">None is raised.</p>}
      <ul className="plain">
        {alerts.data?.items.map((one) => (
          <li key={`${one.tenant}/${one.environment}/${one.instance}/${one.rule}/${one.node}`}>
            <State of={one.severity} />{' '}
            <To to="/instances/$instance" params={{ instance: one.instance }} search={{ tenant: one.tenant, environment: one.environment }}>
              {tenant === null && `${one.tenant} / `}
              {one.environment} / {one.instance}
            </To>{' '}
            {one.text}{' '}
            <span className="dim">
              {one.rule} on {one.node}, since <Time at={one.since} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
