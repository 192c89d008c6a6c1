// How pages learn of changes. One tab of the browser, the leader, asks the server's stream of events and tells the other tabs;
// when the server has no stream, or it is down, each list asks again by itself.
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { follow } from '@maestro/client';
import { maestro, problemIn } from './api/client';
import { paced } from './paced';

export type Liveness = { readonly by: 'stream' } | { readonly by: 'asking' };

const POLL_MS = 10_000;
/** How often is asked again what no event tells of, such as refusals, also while there is a stream. */
export const UNTOLD_MS = 10_000;
/** Many events in a moment are one look at the server. */
const BATCH_MS = 250;
const LONGEST_MS = 10_000;
const RETRY_MS = 5_000;

let liveness: Liveness = { by: 'asking' };
const listeners = new Set<() => void>();

function become(next: Liveness): void {
  if (next.by === liveness.by) return;
  liveness = next;
  listeners.forEach((listener) => listener());
}

export function useLiveness(): Liveness {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => liveness,
  );
}

/** How often a list that people watch is asked again; hidden tabs do not ask, and what was refused is not tried again. */
export function pollInterval(error: unknown): number | false {
  const refused = error !== null && problemIn(error).problem.category !== 'external';
  return liveness.by === 'stream' || refused ? false : POLL_MS;
}

/** Keeps the pages of this browser up to date until `signal` ends it. */
export function keepLive(client: QueryClient, who: string, signal: AbortSignal): void {
  const tabs = new BroadcastChannel(`maestro.live.${who}`);
  const refreshing = paced(
    () =>
      client.invalidateQueries({
        predicate: (query) => query.meta?.['live'] === true,
        // a tab that nobody sees asks when it is looked at again
        refetchType: document.hidden ? 'none' : 'active',
      }),
    BATCH_MS,
    LONGEST_MS,
  );
  let leads = false;
  tabs.onmessage = (message: MessageEvent<{ events?: number; by?: Liveness['by']; hello?: true }>) => {
    if (message.data.hello && leads) tabs.postMessage({ by: liveness.by });
    if (message.data.by) become({ by: message.data.by });
    if (message.data.events) refreshing.wanted();
  };
  signal.addEventListener('abort', () => {
    tabs.close();
    refreshing.end();
    become({ by: 'asking' });
  });
  const tell = (by: Liveness['by'], events: number) => {
    become({ by });
    if (events > 0) refreshing.wanted();
    if (!signal.aborted) tabs.postMessage({ by, events });
  };
  // the lock is held for as long as this tab lives; then the next one takes over
  void navigator.locks
    .request(`maestro.live.${who}`, { signal }, () => {
      leads = true;
      return lead(tell, signal);
    })
    .catch(() => undefined);
  tabs.postMessage({ hello: true });
}

async function lead(tell: (by: Liveness['by'], events: number) => void, signal: AbortSignal): Promise<void> {
  try {
    const events = follow(maestro, {
      signal,
      retryMs: RETRY_MS,
      // whatever happened while there was no stream may have been missed
      onOpen: () => tell('stream', 1),
      onBroken: () => tell('asking', 0),
      onMissed: () => undefined,
    });
    for await (const _ of events) tell('stream', 1);
  } catch {
    // a server without a stream, or a caller without a right, has none by asking again, which would be noted
    tell('asking', 0);
  }
  // still the leader, lest the next tab asks in vain too
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
}
