// Requests to the server: who asks, what writes have to bring along, and problems as they come back.
import { needs, type Right } from './rights.gen';
import type { components, paths } from './schema.gen';

export type Schemas = components['schemas'];

/** A problem by RFC 9457, with what only some kinds of problems tell. */
export type Problem = Schemas['Problem'] & { readonly approvalId?: string };

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface Answer<T> {
  readonly value: T;
  readonly etag: string | null;
}

/** What the server refused, or why it could not be asked. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    /** the right that the request needs, when it was refused for want of it */
    readonly right: Right | null,
  ) {
    super(problem.detail);
  }
}

/** How requests show who asks. */
export type Credentials = { readonly kind: 'token'; readonly bearer: string } | { readonly kind: 'cookie'; readonly csrfToken: string };

let credentials: Credentials | null = null;
let onUnauthenticated: () => void = () => undefined;

/** From now on asks as this caller; `lost` is called when the server knows them no more. */
export function askAs(caller: Credentials | null, lost: () => void): void {
  credentials = caller;
  onUnauthenticated = lost;
}

type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';
type Reached<M extends Method> = { [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never }[keyof paths];
/** What only those get who ask what an act would do. */
type Planned = Schemas extends { Plan: infer P } ? P : never;
type Json<R> = R extends { content: { 'application/json': infer T } } ? Exclude<T, Planned> : undefined;
type Success<R> = R extends { 200: infer A } ? (R extends { 201: infer B } ? Json<A> | Json<B> : Json<A>) : R extends { 201: infer B } ? Json<B> : undefined;
type Result<P extends keyof paths, M extends Method> = paths[P][M] extends { responses: infer R } ? Success<R> : never;
type PathNames<P extends string> = P extends `${string}{${infer N}}${infer Rest}` ? N | PathNames<Rest> : never;

export interface Options<P extends string> {
  readonly path?: { readonly [N in PathNames<P>]: string };
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** the entity tag as last seen */
  readonly ifMatch?: string | null;
  /** repeats of one act have the same key, so that it is done once */
  readonly key?: string;
  /** what a second person has approved */
  readonly approval?: string | undefined;
  readonly signal?: AbortSignal;
}

/** The address of a path, with its names and query filled in. */
export function address(path: string, options: Pick<Options<string>, 'path' | 'query'>): string {
  const names: Readonly<Record<string, string>> = options.path ?? {};
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

/** The headers by which the server knows who asks; `writes` when something is changed. */
export function callerHeaders(writes: boolean): Record<string, string> {
  if (credentials?.kind === 'token') return { Authorization: `Bearer ${credentials.bearer}` };
  if (credentials?.kind === 'cookie' && writes) return { 'X-CSRF-Token': credentials.csrfToken };
  return {};
}

/** One request; the answer with its entity tag, or a {@link ProblemError}. */
export async function ask<M extends Method, P extends Reached<M> & string>(method: M, path: P, options: Options<P> = {}): Promise<Answer<Result<P, M>>> {
  const headers: Record<string, string> = { Accept: 'application/json', ...callerHeaders(method !== 'get') };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.ifMatch) headers['If-Match'] = options.ifMatch;
  if (options.key) headers['Idempotency-Key'] = options.key;
  if (options.approval) headers['Maestro-Approval'] = options.approval;
  let response: Response;
  try {
    response = await fetch(address(path, options), {
      method: method.toUpperCase(),
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw unreachable();
  }
  if (!response.ok) throw await refusal(response, needs[`${method.toUpperCase()} ${path}`] ?? null);
  const text = await response.text();
  return { value: (text === '' ? undefined : JSON.parse(text)) as Result<P, M>, etag: response.headers.get('ETag') };
}

/** An act that the server itself proposes: its address is one of this server's, and is used as it stands. */
export async function carryOut(method: string, own: string, options: Pick<Options<string>, 'body' | 'key' | 'approval'>): Promise<void> {
  const url = new URL(own, location.origin);
  if (url.origin !== location.origin || !url.pathname.startsWith('/api/')) throw new Error(`${own} is not an address of this server`);
  await ask(method.toLowerCase() as never, `${url.pathname}${url.search}` as never, options as never);
}

/** The same, and only what was answered. */
export async function read<P extends Reached<'get'> & string>(path: P, options: Options<P> = {}): Promise<Result<P, 'get'>> {
  return (await ask('get', path, options)).value;
}

/** A text that is no JSON. */
export async function readText(path: string, options: Pick<Options<string>, 'path' | 'query' | 'signal'> = {}): Promise<string> {
  const response = await fetch(address(path, options), {
    headers: callerHeaders(false),
    credentials: 'same-origin',
    cache: 'no-store',
    signal: options.signal ?? null,
  });
  if (!response.ok) throw await refusal(response, needs[`GET ${path}`] ?? null);
  return response.text();
}

/** Sends an artifact; `progress` is told how much of it has left, from 0 to 1. */
export function upload(file: Blob, approval: string | undefined, progress: (part: number) => void): Promise<Schemas['Definition']> {
  return new Promise((resolve, reject) => {
    // fetch tells nothing of what was sent
    const request = new XMLHttpRequest();
    request.open('POST', '/api/adapters');
    for (const [name, value] of Object.entries(callerHeaders(true))) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/java-archive');
    if (approval) request.setRequestHeader('Maestro-Approval', approval);
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      if (request.status < 300) {
        resolve(JSON.parse(request.responseText) as Schemas['Definition']);
      } else {
        reject(problemOf(request.status, request.responseText, request.getResponseHeader('X-Correlation-Id'), 'ARTIFACT_SUBMIT'));
      }
    };
    request.send(file);
  });
}

async function refusal(response: Response, right: Right | null): Promise<ProblemError> {
  return problemOf(response.status, await response.text(), response.headers.get('X-Correlation-Id'), right);
}

function problemOf(status: number, text: string, correlationId: string | null, right: Right | null): ProblemError {
  if (status === 401) onUnauthenticated();
  try {
    return new ProblemError(JSON.parse(text) as Problem, status === 403 ? right : null);
  } catch {
    return new ProblemError(
      {
        type: 'about:blank',
        title: `The server answered ${status}`,
        status,
        detail: 'The answer is not of this server; something stands between it and the browser.',
        code: 'console-unexpected-answer',
        category: 'external',
        violations: [],
        retryable: true,
        ...(correlationId === null ? {} : { correlationId }),
      },
      null,
    );
  }
}

function unreachable(): ProblemError {
  return new ProblemError(
    {
      type: 'about:blank',
      title: 'The server does not answer',
      status: 0,
      detail: 'No connection to the server could be made.',
      code: 'console-unreachable',
      category: 'external',
      fix: 'Check that the server runs and that this machine reaches it, then try again.',
      violations: [],
      retryable: true,
    },
    null,
  );
}

/** What any failure comes to for whoever looks at the page. */
export function problemIn(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError(
    {
      type: 'about:blank',
      title: 'The console failed',
      status: 0,
      detail: error instanceof Error ? error.message : String(error),
      code: 'console-failed',
      category: 'internal',
      violations: [],
      retryable: false,
    },
    null,
  );
}
