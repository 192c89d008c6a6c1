// What needs somebody, first.
import type { ReactNode } from 'react';
import { read, readText, type Schemas } from '../api/client';
import { Alerts } from '../instance/alerts';
import { UNTOLD_MS } from '../live';
import { samples, total } from '../metrics';
import { may, usePrincipal } from '../session';
import { Sparkline, useHistory } from '../ui/sparkline';
import { useLive } from '../ui/list';
import { Card, Page } from '../ui/page';
import { Failure } from '../ui/problem';
import { Mono, State, Time } from '../ui/text';
import { To, useScope } from '../ui/to';

export function Overview(): ReactNode {
  const scope = useScope();
  const principal = usePrincipal();
  return (
    <Page title="Overview" sub={scope.tenant === null ? 'The installation' : `${scope.tenant}${scope.environment === null ? '' : ` / ${scope.environment}`}`}>
      {may(principal, 'PLATFORM_AUDIT') && <Figures />}
      <div className="columns">
        {(scope.tenant === null ? may(principal, 'PLATFORM_AUDIT') : may(principal, 'TENANT_READ')) && <Alerts tenant={scope.tenant} limit={10} />}
        <Server />
        {scope.tenant !== null && may(principal, 'TENANT_READ') && <Failing tenant={scope.tenant} environment={scope.environment} />}
        {may(principal, 'APPROVAL_READ') && <Pending />}
        {may(principal, 'QUARANTINE_READ') && <Refused />}
        {may(principal, 'PLATFORM_AUDIT') && <Overstepping />}
        {scope.tenant !== null && may(principal, 'TENANT_READ') && <Upgrades tenant={scope.tenant} />}
        {scope.tenant === null && may(principal, 'TENANT_LIST') && <Tenants />}
      </div>
    </Page>
  );
}

/** What this page shows, and no more: all metrics of a node with many instances are a megabyte. */
const FIGURES = ['mc_instances', 'mc_receipt_chains_stopped', 'mc_facts_waiting', 'mc_receipts_tampered_total'];
const TOTALS = ['mc_adapter_calls_total', 'mc_http_requests_total'];

function Figures(): ReactNode {
  const metrics = useLive(['metrics'], async (signal) => {
    const texts = await Promise.all([
      readText('/api/metrics', { query: { metric: FIGURES }, signal }),
      readText('/api/metrics', { query: { metric: TOTALS, sum: 'true' }, signal }),
    ]);
    return samples(texts.join('\n'));
  });
  const all = metrics.data ?? [];
  const figures: readonly (readonly [string, number, boolean])[] = [
    ['Running', total(all, 'mc_instances', { observed: 'running' }), false],
    ['Failed', total(all, 'mc_instances', { observed: 'failed' }), true],
    ['Pending', total(all, 'mc_instances', { observed: 'pending' }), false],
    ['Chains stopped', total(all, 'mc_receipt_chains_stopped'), true],
    ['Facts waiting', total(all, 'mc_facts_waiting'), false],
    ['Tampered receipts', total(all, 'mc_receipts_tampered_total'), true],
  ];
  const calls = useHistory(metrics.dataUpdatedAt, metrics.data && total(all, 'mc_adapter_calls_total'));
  const requests = useHistory(metrics.dataUpdatedAt, metrics.data && total(all, 'mc_http_requests_total'));
  if (metrics.isError) return <Failure error={metrics.error} />;
  return (
    <section aria-label="Figures of this node" className="figures">
      {figures.map(([name, value, bad]) => (
        <div key={name} className={bad && value > 0 ? 'figure bad' : 'figure'}>
          <span className="value">{metrics.data ? value : '–'}</span>
          <span className="name">{name}</span>
        </div>
      ))}
      <Sparkline label="Calls per second" history={calls} />
      <Sparkline label="Requests per second" history={requests} />
    </section>
  );
}

function Server(): ReactNode {
  const ready = useLive(['ready'], (signal) => read('/api/health/ready', { signal }));
  return (
    <Card title="This node">
      {ready.isError && <Failure error={ready.error} />}
      <ul className="plain checks">
        {ready.data?.checks.map((check) => (
          <li key={check.name} className={check.status === 'up' ? undefined : 'bad'}>
            <strong>{check.name}</strong> {check.status} {check.reason}
          </li>
        ))}
      </ul>
      {ready.data && <p className="dim">The node is {ready.data.status}.</p>}
    </Card>
  );
}

function Failing({ tenant, environment }: { tenant: string; environment: string | null }): ReactNode {
  const failed = useLive(['failing', tenant, environment], (signal) =>
    read('/api/tenants/{tenant}/instances', { path: { tenant }, query: { observed: 'failed', environment: environment ?? undefined, limit: 10 }, signal }),
  );
  return (
    <Card title="Instances that failed" actions={<To to="/instances" search={{ observed: 'failed' }}>All</To>}>
      {failed.isError && <Failure error={failed.error} />}
      {failed.data?.items.length === 0 && <p className="good">None of {tenant}.</p>}
      <ul className="plain">
        {failed.data?.items.map((one) => {
          const problem = one.problem as Schemas['Problem'] | null;
          return (
            <li key={`${one.environment}/${one.id}`}>
              <To to="/instances/$instance" params={{ instance: one.id }} search={{ tenant, environment: one.environment }}>
                {one.environment} / {one.id}
              </To>{' '}
              <State of={one.observed} />
              {problem && (
                <div className="dim">
                  {problem.title}. {problem.fix}
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Pending(): ReactNode {
  const pending = useLive(['pending'], (signal) => read('/api/approvals', { query: { state: 'pending', limit: 10 }, signal }));
  return (
    <Card title="Waiting for a second person" actions={<To to="/approvals">All</To>}>
      {pending.isError && <Failure error={pending.error} />}
      {pending.data?.items.length === 0 && <p className="good">Nothing waits.</p>}
      <ul className="plain">
        {pending.data?.items.map((one) => (
          <li key={one.id}>
            <To to="/approvals" search={{ state: 'pending' }}>
              {one.action} {one.subject}
            </To>{' '}
            <span className="dim">
              by {one.requestedBy}, <Time at={one.requestedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Refused(): ReactNode {
  const refused = useLive(['refused'], (signal) => read('/api/quarantine', { query: { limit: 5 }, signal }), true, () => UNTOLD_MS);
  return (
    <Card title="Last refused artifacts" actions={<To to="/quarantine">All</To>}>
      {refused.isError && <Failure error={refused.error} />}
      {refused.data?.items.length === 0 && <p className="good">None.</p>}
      <ul className="plain">
        {refused.data?.items.map((one) => (
          <li key={one.id}>
            {one.problem.title}{' '}
            <span className="dim">
              {one.name ?? one.source}, <Time at={one.refusedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Overstepping(): ReactNode {
  const events = useLive(['overstepping'], (signal) => read('/api/security-events', { query: { limit: 5 }, signal }), true, () => UNTOLD_MS);
  return (
    <Card title="Attempts to overstep" actions={<To to="/security-events">All</To>}>
      {events.isError && <Failure error={events.error} />}
      {events.data?.items.length === 0 && <p className="good">None was noted.</p>}
      <ul className="plain">
        {events.data?.items.map((one) => (
          <li key={one.id}>
            <Mono>{one.rule}</Mono> {one.principal ?? one.address}{' '}
            <span className="dim">
              {one.method} {one.resource}, <Time at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Upgrades({ tenant }: { tenant: string }): ReactNode {
  const upgrades = useLive(['upgrades', tenant], (signal) => read('/api/tenants/{tenant}/upgrades', { path: { tenant }, query: { limit: 10 }, signal }));
  return (
    <Card title="Newer versions">
      {upgrades.isError && <Failure error={upgrades.error} />}
      {upgrades.data?.items.length === 0 && <p className="good">Every instance of {tenant} has the newest version.</p>}
      <ul className="plain">
        {upgrades.data?.items.map((one) => (
          <li key={`${one.environment}/${one.instance}`}>
            <To to="/instances/$instance" params={{ instance: one.instance }} search={{ tenant, environment: one.environment }}>
              {one.environment} / {one.instance}
            </To>{' '}
            <span className="dim">
              {one.adapter} → {one.newest}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Tenants(): ReactNode {
  const tenants = useLive(['first-tenants'], (signal) => read('/api/tenants', { query: { limit: 10 }, signal }));
  return (
    <Card title="Tenants" actions={<To to="/tenants">All</To>}>
      {tenants.isError && <Failure error={tenants.error} />}
      {tenants.data?.items.length === 0 && (
        <p>
          There is none yet. <To to="/tenants">Create the first one.</To>
        </p>
      )}
      <ul className="plain">
        {tenants.data?.items.map((one) => (
          <li key={one.id}>
            <To to="/" search={{ tenant: one.id }}>
              {one.id}
            </To>{' '}
            <span className="dim">{one.displayName}</span> {one.state !== 'active' && <State of={one.state} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}
