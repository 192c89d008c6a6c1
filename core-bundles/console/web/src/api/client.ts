// Requests to the server that has filled this page: who asks, and problems as they come back.
import { Maestro, ProblemError, unreachable, type Credentials, type Options, type Problem, type Schemas } from '@maestro/client';
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

const UPLOAD = '/api/adapters';

/** Sends an artifact; `progress` is told how much of it has left, from 0 to 1. */
export function upload(file: Blob, approval: string | undefined, progress: (part: number) => void): Promise<Schemas['Definition']> {
  return new Promise((resolve, reject) => {
    // fetch tells nothing of what was sent
    const request = new XMLHttpRequest();
    request.open('POST', UPLOAD);
    for (const [name, value] of Object.entries(maestro.callerHeaders(true))) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/java-archive');
    if (approval) request.setRequestHeader('Maestro-Approval', approval);
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(unreachable(`POST ${UPLOAD}`));
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as Schemas['Definition']);
      else reject(maestro.refused(request.status, request.responseText, request.getResponseHeader('X-Correlation-Id'), `POST ${UPLOAD}`));
    };
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
