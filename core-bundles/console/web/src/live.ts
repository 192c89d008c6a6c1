// How pages learn of changes. One tab of the browser, the leader, asks the server's stream of events and tells the other tabs;
// when the server has no stream, or it is down, each list asks again by itself.
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { callerHeaders, problemIn } from './api/client';

/** An event of the server's stream. */
export interface LiveEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

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

/** Reads one event after another out of a stream's text. */
export class EventParser {
  private rest = '';
  private id = '';

  /** Up to where the stream has told; also what stands in comments, which are no events. */
  get reached(): string {
    return this.id;
  }

  /** The events that are complete with this further piece. */
  push(piece: string): LiveEvent[] {
    const events: LiveEvent[] = [];
    const blocks = (this.rest + piece).split(/\r?\n\r?\n/);
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      let type = 'message';
      const data: string[] = [];
      for (const line of block.split(/\r?\n/)) {
        const [field, value] = split(line);
        if (field === 'id') this.id = value;
        else if (field === 'event') type = value;
        else if (field === 'data') data.push(value);
      }
      if (data.length > 0) events.push({ id: this.id, type, data: parsed(data.join('\n')) });
    }
    return events;
  }
}

function split(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
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
      return follow(tell, signal);
    })
    .catch(() => undefined);
  tabs.postMessage({ hello: true });
}

async function follow(tell: (by: Liveness['by'], events: number) => void, signal: AbortSignal): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    try {
      const response = await fetch('/api/events', {
        headers: { Accept: 'text/event-stream', ...callerHeaders(false), ...(last === '' ? {} : { 'Last-Event-ID': last }) },
        credentials: 'same-origin',
        cache: 'no-store',
        signal,
      });
      if ([401, 403, 404].includes(response.status)) {
        // a server without a stream, or a caller without a right, has none by asking again, which would be noted
        await response.body?.cancel();
        return await new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      }
      // what it goes on behind has been dropped: begin anew, and have the pages look at everything
      if (response.status === 410) last = '';
      if (response.ok && response.body) {
        // whatever happened while there was no stream may have been missed
        tell('stream', 1);
        const parser = new EventParser();
        for await (const piece of pieces(response.body)) {
          const events = parser.push(piece);
          last = parser.reached || last;
          if (events.length > 0) tell('stream', events.length);
        }
      }
    } catch {
      // the stream broke off; what was missed is told from the last event on
    }
    tell('asking', 0);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
