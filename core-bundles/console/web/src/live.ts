// How pages learn of changes. One tab of the browser, the leader, asks the server's stream of events and tells the other tabs;
// when the server has no stream, or it is down, each list asks again by itself.
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { follow } from '@maestro/client';
import { maestro, problemIn } from './api/client';

export type Liveness = { readonly by: 'stream' } | { readonly by: 'asking' };

const POLL_MS = 10_000;
const BATCH_MS = 250;
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
  let pending: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    // many events in a moment are one look at the server
    pending ??= setTimeout(() => {
      pending = undefined;
      void client.invalidateQueries({ predicate: (query) => query.meta?.['live'] === true });
    }, BATCH_MS);
  };
  let leads = false;
  tabs.onmessage = (message: MessageEvent<{ events?: number; by?: Liveness['by']; hello?: true }>) => {
    if (message.data.hello && leads) tabs.postMessage({ by: liveness.by });
    if (message.data.by) become({ by: message.data.by });
    if (message.data.events) refresh();
  };
  signal.addEventListener('abort', () => {
    tabs.close();
    clearTimeout(pending);
    become({ by: 'asking' });
  });
  const tell = (by: Liveness['by'], events: number) => {
    become({ by });
    if (events > 0) refresh();
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
