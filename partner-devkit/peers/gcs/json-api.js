// The JSON API, version 1: https://cloud.google.com/storage/docs/json_api/v1
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { invalid, objectMissing, parsed, read, Refusal, sendJson } from './answers.js';
import { Uploads } from './uploads.js';

const LARGEST_PAGE = 1000;
const KNOWN_PARAMETERS = new Set(
  (
    'alt fields prettyPrint project projection userProject name uploadType upload_id generation ifGenerationMatch ' +
    'ifGenerationNotMatch ifMetagenerationMatch prefix delimiter pageToken maxResults versions'
  ).split(' '),
);

export class JsonApi {
  constructor(accounts, buckets, controls, endpoint) {
    this.accounts = accounts;
    this.buckets = buckets;
    this.controls = controls;
    this.endpoint = endpoint;
    this.uploads = new Uploads(buckets, controls);
  }

  async answer(request, response, path, parameters) {
    for (const name of parameters.keys()) {
      if (!KNOWN_PARAMETERS.has(name)) {
        throw invalid(`Unknown name "${name}"`);
      }
    }
    const [, way, bucket, object] =
      /^(?:\/(upload|download))?\/storage\/v1\/b(?:\/([^/]+)(?:\/o(?:\/([^/]+))?)?)?\/?$/.exec(path) ?? [];
    const names = [bucket, object].map((part) => (part === undefined ? undefined : decoded(part)));
    const ofObjects = /\/o\/?$/.test(path);
    if (way === 'upload' && ofObjects) {
      await this.#upload(request, response, names[0], parameters);
    } else if (bucket === undefined && request.method === 'POST') {
      await this.#makeBucket(request, response);
    } else if (object !== undefined) {
      await this.#object(request, response, ...names, parameters);
    } else if (ofObjects && request.method === 'GET') {
      this.accounts.require(request, 'read', 'storage.objects.list');
      sendJson(response, 200, chosen(this.#list(names[0], parameters), parameters, 'list'));
    } else if (bucket !== undefined && request.method === 'GET') {
      this.accounts.require(request, 'read', 'storage.buckets.get');
      this.buckets.objects(names[0]);
      sendJson(response, 200, { kind: 'storage#bucket', id: names[0], name: names[0] });
    } else {
      throw new Refusal(404, 'notFound', 'Not Found');
    }
  }

  async #makeBucket(request, response) {
    this.accounts.require(request, 'write', 'storage.buckets.create');
    const { name } = parsed(await read(request, 65536));
    this.buckets.make(name);
    sendJson(response, 200, { kind: 'storage#bucket', id: name, name });
  }

  async #object(request, response, bucket, name, parameters) {
    switch (request.method) {
      case 'GET': {
        this.accounts.require(request, 'read', 'storage.objects.get');
        const object = this.buckets.object(bucket, name, parameters);
        if (parameters.get('alt') === 'media') {
          await sendBytes(request, response, object, this.controls.corrupts());
        } else {
          sendJson(response, 200, chosen(this.#resource(object), parameters, 'object'));
        }
        return;
      }
      case 'PATCH': {
        this.accounts.require(request, 'write', 'storage.objects.update');
        const changes = parsed(await read(request, 65536));
        sendJson(response, 200, this.#resource(this.buckets.describe(bucket, name, parameters, changes)));
        return;
      }
      case 'DELETE':
        this.accounts.require(request, 'write', 'storage.objects.delete');
        this.buckets.delete(bucket, name, parameters);
        response.writeHead(204);
        response.end();
        return;
      default:
        throw new Refusal(405, 'methodNotAllowed', 'Method Not Allowed');
    }
  }

  async #upload(request, response, bucket, parameters) {
    const id = parameters.get('upload_id');
    if (id !== null) {
      // the address of the session is all the authorization that it needs
      await this.#session(request, response, id, parameters);
      return;
    }
    this.accounts.require(request, 'write', 'storage.objects.create');
    this.buckets.objects(bucket);
    const way = parameters.get('uploadType');
    if (request.method !== 'POST' || !['media', 'multipart', 'resumable'].includes(way)) {
      throw invalid(`Invalid uploadType: ${way}`);
    }
    if (way === 'resumable') {
      const session = await this.uploads.begin(request, bucket, parameters);
      const query = new URLSearchParams({ uploadType: 'resumable', upload_id: session });
      if (parameters.has('fields')) {
        query.set('fields', parameters.get('fields'));
      }
      response.writeHead(200, {
        Location: `${this.endpoint}/upload/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`,
        'X-GUploader-UploadID': session,
        'Content-Length': 0,
      });
      response.end();
      return;
    }
    const object = await this.uploads[way](request, bucket, parameters);
    sendJson(response, 200, chosen(this.#resource(object), parameters, 'object'));
  }

  async #session(request, response, id, parameters) {
    if (request.method === 'DELETE') {
      await this.uploads.cancel(id);
      response.writeHead(499, { 'Content-Length': 0 });
      response.end();
      return;
    }
    const { object, kept } = await this.uploads.continue(request, id);
    if (object !== undefined) {
      sendJson(response, 200, chosen(this.#resource(object), parameters, 'object'));
      return;
    }
    response.writeHead(308, {
      ...(kept > 0 ? { Range: `bytes=0-${kept - 1}` } : {}),
      'X-GUploader-UploadID': id,
      'Content-Length': 0,
    });
    response.end();
  }

  /** Names in the order of their bytes, those with the delimiter behind the prefix as one of the prefixes. */
  #list(bucket, parameters) {
    const prefix = parameters.get('prefix') ?? '';
    const delimiter = parameters.get('delimiter') ?? '';
    const limit = Number(parameters.get('maxResults') ?? LARGEST_PAGE);
    if (!Number.isInteger(limit) || limit < 0) {
      throw invalid('Invalid unsigned integer value for maxResults');
    }
    const token = parameters.get('pageToken');
    const after = token === null ? undefined : Buffer.from(token, 'base64');
    if (token !== null && (token === '' || after.toString('base64') !== token)) {
      throw invalid('Invalid Value for pageToken');
    }
    const objects = this.buckets.objects(bucket);
    const names = [...objects.keys()].filter((name) => name.startsWith(prefix)).map((name) => Buffer.from(name));
    names.sort(Buffer.compare);
    const items = [];
    const prefixes = [];
    let last;
    for (const bytes of names) {
      const name = bytes.toString('utf8');
      const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
      const entry = cut < 0 ? name : name.substring(0, cut + delimiter.length);
      const place = Buffer.from(entry);
      if ((after !== undefined && Buffer.compare(place, after) <= 0) || entry === prefixes.at(-1)) {
        continue;
      }
      if (items.length + prefixes.length === Math.min(limit || LARGEST_PAGE, LARGEST_PAGE)) {
        return { ...listed(items, prefixes), nextPageToken: last.toString('base64') };
      }
      last = place;
      if (cut < 0) {
        items.push(this.#resource(objects.get(name)));
      } else {
        prefixes.push(entry);
      }
    }
    return listed(items, prefixes);
  }

  #resource(object) {
    const { file: _file, metadata, ...rest } = object;
    const encoded = `${encodeURIComponent(object.bucket)}/o/${encodeURIComponent(object.name)}`;
    return {
      kind: 'storage#object',
      id: `${object.bucket}/${object.name}/${object.generation}`,
      selfLink: `${this.endpoint}/storage/v1/b/${encoded}`,
      mediaLink: `${this.endpoint}/download/storage/v1/b/${encoded}?generation=${object.generation}&alt=media`,
      ...rest,
      storageClass: 'STANDARD',
      etag: etag(object),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    };
  }
}

const listed = (items, prefixes) => ({
  kind: 'storage#objects',
  ...(items.length === 0 ? {} : { items }),
  ...(prefixes.length === 0 ? {} : { prefixes }),
});

export const etag = (object) => Buffer.from(`${object.generation}/${object.metageneration}`).toString('base64');

export function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('The path is not UTF-8, percent-encoded.');
  }
}

const OBJECT_FIELDS = (
  'kind id selfLink mediaLink name bucket generation metageneration contentType contentEncoding size md5Hash crc32c ' +
  'etag timeCreated updated storageClass metadata'
).split(' ');
const LIST_FIELDS = ['kind', 'items', 'prefixes', 'nextPageToken'];

/** Partial responses: https://cloud.google.com/storage/docs/json_api#partial-response */
function chosen(resource, parameters, kind) {
  const fields = parameters.get('fields');
  if (fields === null) {
    return resource;
  }
  const ofItems = /(?:^|,)items\(([^)]*)\)/.exec(fields)?.[1];
  const top = fields.replace(/items\([^)]*\)/, 'items').split(',');
  const picked = pick(resource, top, kind === 'list' ? LIST_FIELDS : OBJECT_FIELDS);
  if (ofItems !== undefined && picked.items !== undefined) {
    picked.items = picked.items.map((item) => pick(item, ofItems.split(','), OBJECT_FIELDS));
  }
  return picked;
}

function pick(resource, fields, known) {
  const wrong = fields.find((field) => !known.includes(field));
  if (wrong !== undefined) {
    throw new Refusal(400, 'invalidParameter', `Invalid field selection ${wrong}`);
  }
  return Object.fromEntries(Object.entries(resource).filter(([name]) => fields.includes(name)));
}

/** The content, or the range of it that is asked for. */
export async function sendBytes(request, response, object, corrupted = false, further = {}) {
  const size = Number(object.size);
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  let [from, to] = [0, size - 1];
  if (range !== null && (range[1] !== '' || range[2] !== '')) {
    from = range[1] === '' ? Math.max(0, size - Number(range[2])) : Number(range[1]);
    to = range[1] === '' || range[2] === '' ? to : Math.min(to, Number(range[2]));
    if (from >= size || from > to) {
      throw new Refusal(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable');
    }
  }
  const partial = range !== null && to - from + 1 < size;
  const handle = await open(object.file).catch(() => {
    throw objectMissing(object.bucket, object.name);
  });
  response.writeHead(partial ? 206 : 200, {
    'Content-Type': object.contentType,
    'Content-Length': to - from + 1,
    ...(object.contentEncoding === undefined ? {} : { 'Content-Encoding': object.contentEncoding }),
    ...(partial ? { 'Content-Range': `bytes ${from}-${to}/${size}` } : {}),
    ETag: `"${etag(object)}"`,
    'X-Goog-Generation': object.generation,
    'X-Goog-Metageneration': object.metageneration,
    'X-Goog-Stored-Content-Length': size,
    'X-Goog-Stored-Content-Encoding': object.contentEncoding ?? 'identity',
    'X-Goog-Hash': `crc32c=${object.crc32c},md5=${object.md5Hash}`,
    ...further,
  });
  if (to < from || request.method === 'HEAD') {
    await handle.close();
    response.end();
    return;
  }
  const spoil = new Transform({
    transform(chunk, _encoding, done) {
      if (corrupted) {
        chunk[0] ^= 1;
        corrupted = false;
      }
      done(null, chunk);
    },
  });
  // a reader that goes away is no failure of the server
  await pipeline(handle.createReadStream({ start: from, end: to }), spoil, response).catch(() => response.destroy());
}
