// Google's own client against the protocol server: whatever it does has to go as it expects. Prints a line for each thing.
// usage: node official-client.js ENDPOINT; makes what it needs by /test
import { createHash } from 'node:crypto';
import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { Storage } from '@google-cloud/storage';

const endpoint = process.argv[2];
const CHUNK = 256 * 1024;

async function control(path, body) {
  return (await fetch(`${endpoint}/test/${path}`, { method: 'POST', body: JSON.stringify(body) })).json();
}

/** A client with an account's key. Its requests for tokens go to the server; everything in them is its own. */
async function client(role) {
  const key = await control('accounts', { role });
  const storage = new Storage({
    apiEndpoint: endpoint,
    useAuthWithCustomEndpoint: true,
    projectId: key.project_id,
    credentials: key,
    retryOptions: { autoRetry: false },
  });
  const signer = await storage.authClient.getClient();
  const transporter = signer.transporter;
  const redirected = (options) =>
    transporter.request({
      ...options,
      url: options.url === 'https://www.googleapis.com/oauth2/v4/token' ? `${endpoint}/token` : options.url,
    });
  signer.createGToken().transporter = { request: redirected };
  return storage;
}

/** Begins the session apart: with an endpoint other than Google's, the client would begin it without a token. */
async function resume(file, content, options = {}) {
  const [uri] = await file.createResumableUpload(options);
  await pipeline(Readable.from([content]), file.createWriteStream({ ...options, uri, resumable: true }));
}

const bytes = (size) => Buffer.from(Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
const md5 = (content) => createHash('md5').update(content).digest('base64');
const read = async (stream) => Buffer.concat(await stream.toArray());

const storage = await client('user');
const bucket = storage.bucket(`official-${Date.now()}`);
const large = bytes(5 * CHUNK + 17);

const checks = {
  'makes a bucket': async () => {
    await storage.createBucket(bucket.name);
    deepStrictEqual(await bucket.exists(), [true]);
    deepStrictEqual(await storage.bucket('no-such-bucket').exists(), [false]);
  },
  'uploads in one request and downloads, comparing CRC-32C': async () => {
    const file = bucket.file('small/é ü+%2F.txt');
    await file.save('content', {
      resumable: false,
      validation: 'crc32c',
      metadata: { contentType: 'text/plain', metadata: { origin: 'a test' } },
    });
    const [content] = await file.download({ validation: 'crc32c' });
    strictEqual(content.toString(), 'content');
    const [metadata] = await file.getMetadata();
    strictEqual(metadata.size, '7');
    strictEqual(metadata.contentType, 'text/plain');
    strictEqual(metadata.md5Hash, md5('content'));
    strictEqual(metadata.metadata.origin, 'a test');
    match(metadata.generation, /^\d{16}$/);
  },
  'uploads in chunks of unknown total, comparing MD5': async () => {
    const file = bucket.file('large');
    await resume(file, large, { chunkSize: CHUNK, validation: 'md5' });
    const [content] = await file.download({ validation: 'md5' });
    ok(content.equals(large));
  },
  'uploads in one resumable request': async () => {
    await resume(bucket.file('resumed'), large, { validation: 'crc32c' });
    ok((await bucket.file('resumed').download())[0].equals(large));
  },
  'goes on where the server stopped keeping': async () => {
    await control('faults', { partial: true });
    const file = bucket.file('partial');
    await resume(file, large, { chunkSize: 2 * CHUNK, validation: 'crc32c' });
    ok((await file.download())[0].equals(large));
  },
  'reads a range': async () => {
    const part = await read(bucket.file('large').createReadStream({ start: 1000, end: 1999 }));
    ok(part.equals(large.subarray(1000, 2000)));
  },
  'lists by prefix, by delimiter and page by page': async () => {
    for (const name of ['l/b', 'l/a', 'l/c/1', 'l/c/2', 'l/d']) {
      await bucket.file(name).save('x', { resumable: false });
    }
    const pages = [];
    for (let query = { prefix: 'l/', maxResults: 2, autoPaginate: false }; query !== null; ) {
      const [page, following] = await bucket.getFiles(query);
      pages.push(page.map((file) => file.name));
      query = following;
    }
    deepStrictEqual(pages, [['l/a', 'l/b'], ['l/c/1', 'l/c/2'], ['l/d']]);
    const [first, next, answer] = await bucket.getFiles({ prefix: 'l/', delimiter: '/', autoPaginate: false });
    deepStrictEqual(first.map((file) => file.name), ['l/a', 'l/b', 'l/d']);
    deepStrictEqual(answer.prefixes, ['l/c/']);
    strictEqual(next, null);
  },
  'stores under a condition': async () => {
    const file = bucket.file('conditional');
    await file.save('1', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
    const absent = { preconditionOpts: { ifGenerationMatch: 0 } };
    await rejects(file.save('2', { resumable: false, ...absent }), { code: 412 });
    await rejects(resume(file, Buffer.from('2'), absent), /pre-conditions/);
    const [{ generation }] = await file.getMetadata();
    await file.save('3', { resumable: false, preconditionOpts: { ifGenerationMatch: generation } });
    strictEqual((await file.download())[0].toString(), '3');
  },
  'changes metadata, which is another metageneration': async () => {
    const file = bucket.file('large');
    const [before] = await file.getMetadata();
    const [after] = await file.setMetadata({ metadata: { more: 'later' } });
    strictEqual(after.generation, before.generation);
    strictEqual(Number(after.metageneration), Number(before.metageneration) + 1);
    await rejects(file.delete({ ifMetagenerationMatch: before.metageneration }), { code: 412 });
  },
  'signs URLs for reading and writing': async () => {
    const sign = async (action) =>
      (await bucket.file('signed/a b+é').getSignedUrl({ version: 'v4', action, expires: Date.now() + 60_000 }))[0];
    strictEqual((await fetch(await sign('write'), { method: 'PUT', body: 'by a holder' })).status, 200);
    const url = await sign('read');
    strictEqual(await (await fetch(url)).text(), 'by a holder');
    strictEqual((await fetch(url.replace('a%20b', 'a%20c'))).status, 403);
    strictEqual((await fetch(url, { method: 'PUT', body: 'x' })).status, 403);
  },
  'deletes, and is told that nothing is there': async () => {
    const file = bucket.file('large');
    await file.delete();
    for (const act of [() => file.delete(), () => file.getMetadata(), () => file.download()]) {
      await rejects(act(), { code: 404 });
    }
    await file.delete({ ignoreNotFound: true });
  },
  'is told what is wrong': async () => {
    const denied = { code: 403, errors: [{ reason: 'forbidden' }] };
    const told = async (act, expected) => {
      const failure = await act.then(() => undefined, (error) => error);
      strictEqual(failure?.code, expected.code, String(failure));
      strictEqual(failure.errors?.[0]?.reason, expected.errors[0].reason);
    };
    const missing = { code: 404, errors: [{ reason: 'notFound' }] };
    await told(storage.bucket('no-such-bucket').getFiles(), missing);
    await told((await client('none')).bucket(bucket.name).getFiles(), denied);
    await told((await client('viewer')).bucket(bucket.name).file('x').save('x', { resumable: false }), denied);
    await rejects((await client('unknown')).bucket(bucket.name).getFiles(), /invalid_grant/);
  },
};

for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (failure) {
    console.log(`FAILED ${name}: ${failure.stack}`);
  }
}
