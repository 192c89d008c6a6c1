import { problemOf, unreachable, type ProblemError } from './problem.js';
import type { components, paths } from './schema.gen.js';

export type Schemas = components['schemas'];

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface Answer<T> {
  readonly value: T;
  /** the entity tag, to be sent back as `ifMatch` */
  readonly etag: string | null;
}

/** How requests show who asks: by a token, or in a browser by the cookie of a session. */
export type Credentials = { readonly kind: 'token'; readonly bearer: string } | { readonly kind: 'cookie'; readonly csrfToken: string };

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';
export type Reached<M extends Method> = { [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never }[keyof paths];
/** What only those get who ask what an act would do. */
type Planned = Schemas extends { Plan: infer P } ? P : never;
type Json<R> = R extends { content: { 'application/json': infer T } } ? Exclude<T, Planned> : undefined;
type Success<R> = R extends { 200: infer A } ? (R extends { 201: infer B } ? Json<A> | Json<B> : Json<A>) : R extends { 201: infer B } ? Json<B> : undefined;
export type Result<P extends keyof paths, M extends Method> = paths[P][M] extends { responses: infer R } ? Success<R> : never;
type PathNames<P extends string> = P extends `${string}{${infer N}}${infer Rest}` ? N | PathNames<Rest> : never;
type Item<T> = T extends { readonly items: readonly (infer I)[] } ? I : never;

export interface Options<P extends string> {
  readonly path?: { readonly [N in PathNames<P>]: string };
  /** a list gives its parameter once for each of its values */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** the entity tag as last seen */
  readonly ifMatch?: string | null;
  /** repeats of one act have the same key, so that it is done once */
  readonly key?: string;
  /** what a second person has approved */
  readonly approval?: string | undefined;
  readonly signal?: AbortSignal;
}

export interface Settings {
  /** where the server is, as `https://maestro.example`; in a browser that the server itself has filled, nothing */
  readonly base?: string;
  /** asked at each request, so that they may change */
  readonly credentials?: () => Credentials | null;
  /** told when the server does not know the caller (any more) */
  readonly onUnauthenticated?: () => void;
  readonly fetch?: typeof fetch;
}

/**
 * The address of a path, with its names and query filled in; values of the query that are undefined or empty are left out.
 * Throws when a name would make it the address of something else: who deletes an object whose key is `..` must not delete what
 * holds it.
 */
export function address(path: string, options: Pick<Options<string>, 'path' | 'query'>): string {
  const names: Readonly<Record<string, string>> = options.path ?? {};
  // before a host's name could begin there, and the caller's credentials go to it
  if (!/^\/(?!\/)/.test(path)) throw new Error(`${path} is no path of the server`);
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = names[name] ?? '';
    if (value === '.' || value === '..') throw unfit(path, name, value);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    for (const one of typeof value === 'object' ? value : [value]) {
      if (one !== undefined && one !== '') query.append(name, String(one));
    }
  }
  const text = query.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

/** The REST interface. Every method rejects with a {@link ProblemError} when the server refuses or does not answer. */
export class Maestro {
  readonly #base: string;
  readonly #credentials: () => Credentials | null;
  readonly #onUnauthenticated: () => void;
  readonly #fetch: typeof fetch;

  constructor(settings: Settings = {}) {
    this.#base = (settings.base ?? '').replace(/\/+$/, '');
    this.#credentials = settings.credentials ?? (() => null);
    this.#onUnauthenticated = settings.onUnauthenticated ?? (() => undefined);
    const fetching = settings.fetch;
    this.#fetch = fetching ?? ((input, init) => fetch(input, init));
  }

  /** One request; the answer with its entity tag. */
  async ask<M extends Method, P extends Reached<M> & string>(method: M, path: P, options: Options<P> = {}): Promise<Answer<Result<P, M>>> {
    const operation = `${method.toUpperCase()} ${path}`;
    const response = await this.request(method, path, options);
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw unreachable(operation);
    }
    return { value: (text === '' ? undefined : parsed(text, response, operation)) as Result<P, M>, etag: response.headers.get('ETag') };
  }

  /** The same, and only what was answered. */
  async read<P extends Reached<'get'> & string>(path: P, options: Options<P> = {}): Promise<Result<P, 'get'>> {
    return (await this.ask('get', path, options)).value;
  }

  /** All items of a list, page by page, as they are wanted. */
  async *each<P extends Reached<'get'> & string>(path: P, options: Options<P> = {}): AsyncGenerator<Item<Result<P, 'get'>>, void> {
    let cursor: string | undefined;
    do {
      const page = (await this.read(path, { ...options, query: { ...options.query, cursor } })) as unknown as Page<Item<Result<P, 'get'>>>;
      yield* page.items;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  /** A successful response whose body is the caller's to read; the addresses of `path` are this server's. */
  async request(method: Method, path: string, options: Options<string> & { readonly accept?: string; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Response> {
    const operation = `${method.toUpperCase()} ${path}`;
    // an address to be shown may still lack a name, one to be asked may not
    for (const [, name = ''] of path.matchAll(/\{([^}]+)\}/g)) {
      if (!(options.path as Readonly<Record<string, string>> | undefined)?.[name]) throw unfit(path, name, '');
    }
    const headers: Record<string, string> = { Accept: options.accept ?? 'application/json', ...this.callerHeaders(method !== 'get'), ...options.headers };
    if (options.body !== undefined) headers['Content-Type'] = 'application/json';
    if (options.ifMatch) headers['If-Match'] = options.ifMatch;
    if (options.key) headers['Idempotency-Key'] = options.key;
    if (options.approval) headers['Maestro-Approval'] = options.approval;
    let response: Response;
    try {
      response = await this.#fetch(this.#base + address(path, options), {
        method: method.toUpperCase(),
        headers,
        body: options.body === undefined ? null : JSON.stringify(options.body),
        credentials: 'same-origin',
        cache: 'no-store',
        signal: options.signal ?? null,
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw unreachable(operation);
    }
    if (!response.ok) throw this.refused(response.status, await response.text(), response.headers.get('X-Correlation-Id'), operation);
    return response;
  }

  /** The headers by which the server knows who asks; `writes` when something is changed. */
  callerHeaders(writes: boolean): Record<string, string> {
    const credentials = this.#credentials();
    if (credentials?.kind === 'token') return { Authorization: `Bearer ${credentials.bearer}` };
    if (credentials?.kind === 'cookie' && writes) return { 'X-CSRF-Token': credentials.csrfToken };
    return {};
  }

  /** What an answer that is no success comes to, for those who send requests themselves. */
  refused(status: number, text: string, correlationId: string | null, operation: string): ProblemError {
    if (status === 401) this.#onUnauthenticated();
    return problemOf(status, text, correlationId, operation);
  }
}

function parsed(text: string, response: Response, operation: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw problemOf(response.status, text, response.headers.get('X-Correlation-Id'), operation);
  }
}

function unfit(path: string, name: string, value: string): Error {
  return new Error(`"${value}" cannot stand for {${name}} in ${path}`);
}
