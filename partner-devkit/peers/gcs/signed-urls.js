// Objects by the addresses of the XML API, with V4 signed URLs:
// https://cloud.google.com/storage/docs/access-control/signed-urls and .../docs/authentication/canonical-requests
import { createHash, verify } from 'node:crypto';
import { read } from './answers.js';
import { decoded, sendBytes } from './json-api.js';

const ALGORITHM = 'GOOG4-RSA-SHA256';
const LARGEST = 64 * 1024 * 1024;
const LONGEST = 604_800;

/** An answer in XML that is not a good one. */
class XmlRefusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export class SignedUrls {
  constructor(accounts, buckets) {
    this.accounts = accounts;
    this.buckets = buckets;
  }

  async answer(request, response, path) {
    try {
      const [bucket, ...rest] = path.substring(1).split('/').map(decoded);
      const name = rest.join('/');
      const query = new URL(request.url, 'http://localhost').searchParams;
      const account = this.#signer(request, path, query);
      if (request.method === 'PUT') {
        this.accounts.permit(account, 'write', 'storage.objects.create');
        await this.#put(request, response, bucket, name);
      } else {
        this.accounts.permit(account, 'read', 'storage.objects.get');
        await this.#get(request, response, bucket, name);
      }
    } catch (failure) {
      sendXml(response, failure);
    }
  }

  async #get(request, response, bucket, name) {
    const object = this.buckets.object(bucket, name, new URLSearchParams());
    await sendBytes(request, response, object, false, {
      'Last-Modified': new Date(object.timeCreated).toUTCString(),
      ...Object.fromEntries(Object.entries(object.metadata).map(([key, value]) => [`x-goog-meta-${key}`, value])),
    });
  }

  async #put(request, response, bucket, name) {
    const incoming = await this.buckets.incoming();
    try {
      await incoming.append(await read(request, LARGEST));
      await incoming.end();
      const contentType = request.headers['content-type'] ?? 'application/octet-stream';
      const conditions = new URLSearchParams();
      if (request.headers['x-goog-if-generation-match'] !== undefined) {
        conditions.set('ifGenerationMatch', request.headers['x-goog-if-generation-match']);
      }
      const object = this.buckets.commit(bucket, name, incoming, { contentType }, conditions);
      response.writeHead(200, { ETag: `"${object.md5Hash}"`, 'X-Goog-Generation': object.generation, 'Content-Length': 0 });
      response.end();
    } catch (failure) {
      await incoming.drop();
      throw failure;
    }
  }

  /** Who signed; refuses what nobody did, or for another request, or too long ago. */
  #signer(request, path, query) {
    if (query.get('X-Goog-Algorithm') !== ALGORITHM) {
      throw new XmlRefusal(403, 'AccessDenied', 'Anonymous caller does not have access to the Google Cloud Storage object.');
    }
    const date = query.get('X-Goog-Date') ?? '';
    const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
    const seconds = Number(query.get('X-Goog-Expires'));
    const credential = /^(.+)\/(\d{8})\/[^/]+\/storage\/goog4_request$/.exec(query.get('X-Goog-Credential') ?? '');
    if (parts === null || credential === null || credential[2] !== date.substring(0, 8)) {
      throw new XmlRefusal(400, 'InvalidSecurity', 'The provided security credentials are not valid.');
    }
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST) {
      throw new XmlRefusal(400, 'InvalidArgument', 'X-Goog-Expires is out of bounds.');
    }
    const [, year, month, day, hour, minute, second] = parts.map(Number);
    const age = (Date.now() - Date.UTC(year, month - 1, day, hour, minute, second)) / 1000;
    if (age < -900 || age >= seconds) {
      throw new XmlRefusal(400, 'ExpiredToken', 'The provided token has expired.');
    }
    const account = this.accounts.named(credential[1]);
    const scope = query.get('X-Goog-Credential').substring(credential[1].length + 1);
    const signature = Buffer.from(query.get('X-Goog-Signature') ?? '', 'hex');
    const isSignedFor = (host) => {
      const digest = createHash('sha256').update(canonicalRequest(request, path, query, host)).digest('hex');
      return verify('RSA-SHA256', Buffer.from(`${ALGORITHM}\n${date}\n${scope}\n${digest}`), account.publicKey, signature);
    };
    // Google's service has no port, and so its client signs none
    const hosts = [request.headers.host, request.headers.host.replace(/:\d+$/, '')];
    if (account === undefined || !hosts.some(isSignedFor)) {
      throw new XmlRefusal(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.');
    }
    return account;
  }
}

function canonicalRequest(request, path, query, host) {
  const names = (query.get('X-Goog-SignedHeaders') ?? '').split(';');
  if (!names.includes('host')) {
    throw new XmlRefusal(400, 'MalformedSecurityHeader', 'host has to be signed.');
  }
  const given = { ...request.headers, host };
  const headers = names.map((name) => `${name}:${(given[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  const parameters = [...query.entries()]
    .filter(([name]) => name !== 'X-Goog-Signature')
    .map(([name, value]) => [encoded(name), encoded(value)])
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const payload = names.includes('x-goog-content-sha256') ? request.headers['x-goog-content-sha256'] : 'UNSIGNED-PAYLOAD';
  const resource = path.split('/').map((part) => encoded(decoded(part))).join('/');
  return [request.method, resource, parameters.join('&'), headers.join(''), names.join(';'), payload].join('\n');
}

/** RFC 3986: everything but the unreserved characters. */
function encoded(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sendXml(response, failure) {
  const { status = 500, message } = failure;
  const code = failure.code ?? { 404: 'NoSuchKey', 403: 'AccessDenied', 412: 'PreconditionFailed' }[status] ?? 'InternalError';
  const text = message.replace(/[<&]/g, '');
  const body = Buffer.from(`<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${text}</Message></Error>`);
  response.writeHead(status, { 'Content-Type': 'application/xml; charset=UTF-8', 'Content-Length': body.length });
  response.end(body);
}
