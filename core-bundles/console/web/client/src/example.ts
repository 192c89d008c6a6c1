import { follow, Maestro, ProblemError } from '@maestro/client';

/** Says which alerts of a tenant are raised, and then each change, until `signal` ends it. */
export async function watch(base: string, token: string, tenant: string, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const maestro = new Maestro({ base, credentials: () => ({ kind: 'token', bearer: token }) });
  const look = async () => {
    try {
      for await (const alert of maestro.each('/api/tenants/{tenant}/alerts', { path: { tenant }, signal })) {
        say(`${alert.environment}/${alert.instance}: ${alert.text}`);
      }
    } catch (error) {
      if (!signal.aborted) say(`The alerts cannot be read: ${String(error)}`);
    }
  };
  try {
    const query = { tenant, eventType: 'alert.raised,alert.cleared' };
    // asked once the stream stands, so that nothing falls between
    for await (const event of follow(maestro, { query, signal, onOpen: () => void look(), onMissed: () => undefined })) {
      if (event.type === 'alert.raised') say(`${event.subject.name}: ${event.detail.text}`);
      if (event.type === 'alert.cleared') say(`${event.subject.name} is well again`);
    }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    say(`${error.problem.title}: ${error.problem.detail} ${error.problem.fix ?? ''}`);
  }
}
