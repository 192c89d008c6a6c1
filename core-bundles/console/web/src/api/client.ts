// Requests to the server that has filled this page: who asks, and problems as they come back.
import { address, Maestro, ProblemError, unreachable, type Credentials, type Options, type Problem } from '@maestro/client';
import { LineReader, type Line, type Step } from '../install/lines';
import { needs, type Right } from './rights.gen';

export { address, ProblemError, type Answer, type Options, type Page, type Problem, type Schemas } from '@maestro/client';

let credentials: Credentials | null = null;
let onUnauthenticated: () => void = () => undefined;

/** The server, asked as whoever uses this page. */
export const maestro = new Maestro({ credentials: () => credentials, onUnauthenticated: () => onUnauthenticated() });

/** From now on asks as this caller; `lost` is called when the server knows them no more. */
export function askAs(caller: Credentials | null, lost: () => void): void {
  credentials = caller;
  onUnauthenticated = lost;
}

export const ask: Maestro['ask'] = (method, path, options) => maestro.ask(method, path, options);

export const read: Maestro['read'] = (path, options) => maestro.read(path, options);

/** An act that the server itself proposes: its address is one of this server's, and is used as it stands. */
export async function carryOut(method: string, own: string, options: Pick<Options<string>, 'body' | 'key' | 'approval'>): Promise<void> {
  const url = new URL(own, location.origin);
  if (url.origin !== location.origin || !url.pathname.startsWith('/api/')) throw new Error(`${own} is not an address of this server`);
  await ask(method.toLowerCase() as never, `${url.pathname}${url.search}` as never, options as never);
}

/** A text that is no JSON. */
export async function readText(path: string, options: Pick<Options<string>, 'path' | 'query' | 'signal'> = {}): Promise<string> {
  return (await maestro.request('get', path, { ...options, accept: '*/*' })).text();
}

const ADAPTERS = '/api/adapters';

/** What is told of an upload that is verified line by line. */
export interface Told {
  /** how much of it has left, from 0 to 1 */
  readonly sent: (part: number) => void;
  /** a check that ended */
  readonly step: (step: Step) => void;
}

export interface Installing {
  readonly query: { readonly dryRun?: string; readonly plan?: string };
  readonly approval?: string | undefined;
  readonly signal: AbortSignal;
}

/** Sends an artifact, and gives the last line of what the server tells of it; rejects with the problem when that is one. */
export function install(file: Blob, { query, approval, signal }: Installing, told: Told): Promise<Line> {
  const operation = `POST ${ADAPTERS}`;
  return new Promise((resolve, reject) => {
    // fetch tells nothing of what was sent, and this tells of what comes in while it does
    const request = new XMLHttpRequest();
    const reader = new LineReader();
    let last: Line | undefined;
    const read = () => {
      if (request.status !== 200) return;
      try {
        for (const line of reader.push(request.responseText)) {
          if (line.step) told.step(line.step);
          else last = line;
        }
      } catch {
        request.abort();
        reject(maestro.refused(request.status, '', null, operation));
      }
    };
    request.open('POST', address(ADAPTERS, { query }));
    for (const [name, value] of Object.entries(maestro.callerHeaders(true))) request.setRequestHeader(name, value);
    request.setRequestHeader('Accept', 'application/x-ndjson');
    request.setRequestHeader('Content-Type', 'application/java-archive');
    if (approval) request.setRequestHeader('Maestro-Approval', approval);
    request.upload.onprogress = (event) => told.sent(event.lengthComputable ? event.loaded / event.total : 0);
    request.upload.onload = () => told.sent(1);
    request.onprogress = read;
    request.onerror = () => reject(unreachable(operation));
    request.onabort = () => reject(new DOMException('It was given up.', 'AbortError'));
    request.onload = () => {
      read();
      if (last?.problem) reject(maestro.refused(last.problem.status, JSON.stringify(last.problem), null, operation));
      else if (last) resolve(last);
      else reject(maestro.refused(request.status, request.responseText, request.getResponseHeader('X-Correlation-Id'), operation));
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

/** The right that a refused request needs, when it was refused for want of it. */
export function missingRight({ problem, operation }: ProblemError): Right | null {
  return problem.status === 403 && operation !== null ? (needs[operation] ?? null) : null;
}

/** What any failure comes to for whoever looks at the page. */
export function problemIn(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const problem: Problem = {
    type: 'about:blank',
    title: 'The console failed',
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
    code: 'console-failed',
    category: 'internal',
    violations: [],
    retryable: false,
  };
  return new ProblemError(problem, null);
}
