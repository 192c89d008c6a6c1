import type { MaestroEvent } from './events.gen.js';
import { EventParser } from './frames.js';
import type { Maestro } from './maestro.js';
import { ProblemError } from './problem.js';

const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** The server says something every 15 seconds. */
const SILENCE_MS = 45_000;

export interface Following {
  /** which events; see the feed of changes for what they mean */
  readonly query?: Readonly<Record<'tenant' | 'environment' | 'eventType', string | undefined>> | Readonly<Record<string, string | undefined>>;
  /** the cursor of the last event that was dealt with; without it, what happens from now on */
  readonly after?: string;
  /** ends the stream; the generator then returns */
  readonly signal?: AbortSignal;
  /** a connection stands, anew or again */
  readonly onOpen?: () => void;
  /** the connection is gone and will be made again */
  readonly onBroken?: () => void;
  /**
   * Events between `after` and now are gone: the stream goes on from when it stands next, so read the state anew at the next
   * `onOpen`. Without this, the generator throws the problem instead, for to go on as if nothing had been missed would be wrong.
   */
  readonly onMissed?: (problem: ProblemError) => void;
  /** how long to wait after the first failure, in ms; doubles up to half a minute */
  readonly retryMs?: number;
}

/**
 * What happens, event by event, in order and each once; connects again by itself, from where it was. Throws a {@link
 * ProblemError} when the server refuses for good: the caller is not known, or may not see this.
 */
export async function* follow(maestro: Maestro, following: Following = {}): AsyncGenerator<MaestroEvent, void> {
  const { signal } = following;
  let last = following.after ?? '';
  let failures = 0;
  while (!signal?.aborted) {
    try {
      for await (const step of connection(maestro, following, last)) {
        if (step.reached !== '') failures = 0;
        last = step.reached || last;
        if (step.event !== null) yield step.event;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof ProblemError && error.problem.status === 410 && last !== '') {
        if (!following.onMissed) throw error;
        following.onMissed(error);
        last = '';
        continue;
      }
      if (error instanceof ProblemError && [400, 401, 403, 404, 410].includes(error.problem.status)) throw error;
      if (error instanceof Thrown) throw error.cause;
      // anything else is a connection that broke, or a server that is away for a moment
    }
    if (signal?.aborted) return;
    following.onBroken?.();
    await pause(Math.min(LONGEST_RETRY_MS, (following.retryMs ?? RETRY_MS) * 2 ** Math.min(failures, 10)), signal);
    failures += 1;
  }
}

/** What a function of the caller's has thrown, which is no broken connection. */
class Thrown extends Error {}

interface Step {
  readonly reached: string;
  readonly event: MaestroEvent | null;
}

async function* connection(maestro: Maestro, following: Following, last: string): AsyncGenerator<Step, void> {
  const silence = new AbortController();
  const ended = () => silence.abort();
  following.signal?.addEventListener('abort', ended);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(ended, SILENCE_MS);
  };
  try {
    heard();
    const response = await maestro.request('get', '/api/events', {
      accept: 'text/event-stream',
      ...(following.query === undefined ? {} : { query: following.query }),
      ...(last === '' ? {} : { headers: { 'Last-Event-ID': last } }),
      signal: silence.signal,
    });
    // a page to log in at, by something that stands between, is no stream
    if (response.body === null || !(response.headers.get('Content-Type') ?? '').startsWith('text/event-stream')) return;
    try {
      following.onOpen?.();
    } catch (error) {
      throw new Thrown('onOpen', { cause: error });
    }
    const parser = new EventParser();
    for await (const piece of pieces(response.body)) {
      // however long the caller takes with an event, the server is not silent meanwhile
      clearTimeout(timer);
      const frames = parser.push(piece);
      for (const frame of frames) {
        if (frame.type === 'stream.end') return;
        yield { reached: frame.id, event: frame.data as MaestroEvent };
      }
      yield { reached: parser.reached, event: null };
      heard();
    }
  } finally {
    clearTimeout(timer);
    following.signal?.removeEventListener('abort', ended);
    silence.abort();
  }
}

async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
