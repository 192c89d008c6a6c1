import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MaestroEvent } from './events.gen.js';
import { follow, type Following } from './follow.js';
import { address, Maestro } from './maestro.js';
import { ProblemError } from './problem.js';
import { json, problem, Scripted, stream } from './scripted.js';

let server: Scripted;
let maestro: Maestro;

beforeEach(async () => {
  server = new Scripted();
  maestro = new Maestro({ base: await server.start(), credentials: () => ({ kind: 'token', bearer: 'mst_1' }) });
});
afterEach(() => server.stop());

async function refusal(promise: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return error as ProblemError;
}

describe('a request', () => {
  it('says who asks, and brings the entity tag and the key of the act', async () => {
    server.then(json(200, { id: 'acme' }, { ETag: '"2"' }));

    const answer = await maestro.ask('post', '/api/tenants/{tenant}/restore' as never, { path: { tenant: 'a/b' }, ifMatch: '"1"', key: 'k', approval: 'p' } as never);

    expect(answer).toEqual({ value: { id: 'acme' }, etag: '"2"' });
    expect(server.asked[0]).toMatchObject({ method: 'POST', url: '/api/tenants/a%2Fb/restore' });
    expect(server.asked[0]?.headers).toMatchObject({ authorization: 'Bearer mst_1', 'if-match': '"1"', 'idempotency-key': 'k', 'maestro-approval': 'p' });
  });

  it('rejects with what the server says, and names the operation', async () => {
    server.then(problem(404, 'tenant-unknown'));

    const refused = await refusal(maestro.read('/api/tenants/{tenant}', { path: { tenant: 'nobody' } }));

    expect(refused.problem.code).toBe('tenant-unknown');
    expect(refused.operation).toBe('GET /api/tenants/{tenant}');
  });

  it('rejects with a problem too when something else answers, or nobody', async () => {
    server.then((response) => response.writeHead(502).end('<html>'));
    expect((await refusal(maestro.read('/api/tenants'))).problem).toMatchObject({ status: 502, code: 'client-unexpected-answer' });
    server.stop();
    expect((await refusal(maestro.read('/api/tenants'))).problem).toMatchObject({ status: 0, code: 'client-unreachable' });
  });

  it('tells when the caller is not known any more', async () => {
    let told = 0;
    const strange = new Maestro({ onUnauthenticated: () => (told += 1) });
    expect(strange.refused(401, '', null, 'GET /').problem.status).toBe(401);
    expect(told).toBe(1);
  });

  it('walks a list page by page, and no further than it is read', async () => {
    server.then(json(200, { items: [{ id: 'a' }, { id: 'b' }], next: 'c1' })).then(json(200, { items: [{ id: 'c' }], next: null }));

    const ids: string[] = [];
    for await (const tenant of maestro.each('/api/tenants', { query: { limit: 2 } })) ids.push(tenant.id);

    expect(ids).toEqual(['a', 'b', 'c']);
    expect(server.asked.map((one) => one.url)).toEqual(['/api/tenants?limit=2', '/api/tenants?limit=2&cursor=c1']);
  });
});

it('leaves out of an address what is empty', () => {
  expect(address('/api/x/{name}', { path: { name: 'a b' } as never, query: { one: '', two: undefined, three: 3 } })).toBe('/api/x/a%20b?three=3');
  expect(address('/api/x', { query: { one: ['a', 'b&c'] } })).toBe('/api/x?one=a&one=b%26c');
});

describe('the stream of events', () => {
  const event = (cursor: string) => `id: ${cursor}\nevent: act.done\ndata: {"cursor":"${cursor}"}\n\n`;

  async function take(count: number, following: Following = {}): Promise<string[]> {
    const ended = new AbortController();
    const cursors: string[] = [];
    for await (const one of follow(maestro, { retryMs: 1, signal: ended.signal, ...following })) {
      cursors.push((one as MaestroEvent).cursor);
      if (cursors.length === count) ended.abort();
    }
    return cursors;
  }

  it('goes on behind the last event when the connection broke, and behind what a comment has reached', async () => {
    server.then(stream(event('1-1'), event('2-1'))).then(stream(': still here\nid: 5-0\n\n')).then(stream(event('6-1')));

    expect(await take(3)).toEqual(['1-1', '2-1', '6-1']);
    expect(server.asked.map((one) => one.headers['last-event-id'])).toEqual([undefined, '2-1', '5-0']);
  });

  it('tells when it stands and when it broke, and tries again while the server is away', async () => {
    const seen: string[] = [];
    server.then(stream(event('1-1'))).then((response) => response.writeHead(503).end()).then(stream(event('2-1')));

    await take(2, { onOpen: () => seen.push('open'), onBroken: () => seen.push('broken') });

    expect(seen).toEqual(['open', 'broken', 'broken', 'open']);
  });

  it('never goes on in silence when events are gone', async () => {
    server.then(problem(410, 'events-missed'));
    expect((await refusal(take(1, { after: '1-1' }))).problem.code).toBe('events-missed');
  });

  it('goes on from now when it may, having told so', async () => {
    const missed: string[] = [];
    server.then(problem(410, 'events-missed')).then(stream(event('9-1')));

    expect(await take(1, { after: '1-1', onMissed: (gone) => missed.push(gone.problem.code) })).toEqual(['9-1']);
    expect(missed).toEqual(['events-missed']);
    expect(server.asked[1]?.headers['last-event-id']).toBeUndefined();
  });

  it('ends with the refusal of a caller who may not', async () => {
    server.then(problem(403, 'forbidden'));
    expect((await refusal(take(1))).problem.code).toBe('forbidden');
  });

  it('connects again when the server ends it, and is told then why', async () => {
    server.then(stream(event('1-1'), 'event: stream.end\ndata: {"reason":"unauthenticated"}\n\n')).then(problem(401, 'unauthenticated'));
    expect((await refusal(take(2))).problem.code).toBe('unauthenticated');
  });
});

it('is used in the documentation as in the example that compiles', () => {
  const page = readFileSync(new URL('../../../../../docs/how-to/typescript-client.md', import.meta.url), 'utf8');
  const example = readFileSync(new URL('example.ts', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
});

it.each(['..', '.'])('has no address for something that is called %j', (key) => {
  expect(() => address('/api/objects/{key}', { path: { key } as never })).toThrow('cannot stand for {key}');
});

it('asks for nothing that has no name', async () => {
  await expect(maestro.read('/api/tenants/{tenant}', { path: { tenant: '' } })).rejects.toThrow('cannot stand for {tenant}');
  expect(server.asked).toEqual([]);
});

it.each(['@evil.example/', '//evil.example/', 'https://evil.example/'])('sends nothing to %s', (path) => {
  expect(() => address(path, {})).toThrow('is no path of the server');
});

it('says so when something else than JSON answers', async () => {
  server.then((response) => response.writeHead(200).end('<html>'));
  expect((await refusal(maestro.read('/api/tenants'))).problem.code).toBe('client-unexpected-answer');
});

it('takes a page for no stream, and tells what its caller throws', async () => {
  const ended = new AbortController();
  server.then((response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>')).then(stream('id: 1-1\n\n'));
  const opened = async () => {
    for await (const _ of follow(maestro, {
      retryMs: 1,
      signal: ended.signal,
      onOpen: () => {
        throw new Error('my own');
      },
    }));
  };
  await expect(opened()).rejects.toThrow('my own');
  expect(server.asked).toHaveLength(2);
});
