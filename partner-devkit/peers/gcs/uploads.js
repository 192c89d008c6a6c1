// The three ways to put an object: https://cloud.google.com/storage/docs/uploads-downloads
import { randomBytes } from 'node:crypto';
import { invalid, parsed, read, Refusal } from './answers.js';

/** Every piece of a resumable upload but the last has a multiple of this. */
const UNIT = 256 * 1024;
const LARGEST_WHOLE = 64 * 1024 * 1024;
const LARGEST_DESCRIPTION = 64 * 1024;

export class Uploads {
  #sessions = new Map();

  constructor(buckets, controls) {
    this.buckets = buckets;
    this.controls = controls;
  }

  async media(request, bucket, parameters) {
    const name = parameters.get('name') ?? '';
    this.buckets.checkPut(bucket, name, parameters);
    const description = { contentType: request.headers['content-type'] ?? 'application/octet-stream' };
    return this.#whole(bucket, name, await read(request, LARGEST_WHOLE), description, parameters);
  }

  async multipart(request, bucket, parameters) {
    const boundary = /^multipart\/related;.*boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1];
    if (boundary === undefined) {
      throw invalid('Expecting multipart/related with a boundary');
    }
    const parts = split(await read(request, LARGEST_WHOLE + LARGEST_DESCRIPTION), boundary);
    if (parts.length !== 2 || !/^application\/json/.test(parts[0].type ?? '')) {
      throw invalid('Expecting two parts, the first of application/json');
    }
    const description = parsed(parts[0].bytes);
    description.contentType ??= parts[1].type ?? 'application/octet-stream';
    const name = parameters.get('name') ?? description.name ?? '';
    this.buckets.checkPut(bucket, name, parameters);
    return this.#whole(bucket, name, parts[1].bytes, description, parameters);
  }

  async #whole(bucket, name, bytes, description, parameters) {
    const incoming = await this.buckets.incoming();
    try {
      await incoming.append(bytes);
      await incoming.end();
      return this.buckets.commit(bucket, name, incoming, description, parameters);
    } catch (failure) {
      await incoming.drop();
      throw failure;
    }
  }

  /** Begins a resumable upload; gives its id. */
  async begin(request, bucket, parameters) {
    const body = await read(request, LARGEST_DESCRIPTION);
    const description = body.length === 0 ? {} : parsed(body);
    description.contentType ??= request.headers['x-upload-content-type'] ?? 'application/octet-stream';
    const name = parameters.get('name') ?? description.name ?? '';
    this.buckets.checkPut(bucket, name, parameters);
    const length = request.headers['x-upload-content-length'];
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(id, {
      bucket,
      name,
      description,
      parameters,
      length: length === undefined ? undefined : Number(length),
      incoming: await this.buckets.incoming(),
    });
    return id;
  }

  async cancel(id) {
    const session = this.#session(id);
    this.#sessions.delete(id);
    await session.incoming.drop();
  }

  #session(id) {
    const session = this.#sessions.get(id);
    if (session === undefined) {
      throw new Refusal(404, 'notFound', 'Upload session not found');
    }
    return session;
  }

  /** Takes a piece, or tells how far it is. Gives the object once it is complete, and otherwise how many bytes are kept. */
  async continue(request, id) {
    const session = this.#session(id);
    if (session.object !== undefined) {
      request.resume();
      return { object: session.object };
    }
    if (session.busy) {
      throw new Refusal(503, 'backendError', 'The session is in use.');
    }
    session.busy = true;
    try {
      return await this.#take(request, session);
    } finally {
      session.busy = false;
    }
  }

  async #take(request, session) {
    // an end that is not known yet is the end of the request, as of a request without the header
    const header = request.headers['content-range'] ?? 'bytes 0-*/*';
    const range = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(header);
    if (range === null) {
      throw invalid('Failed to parse Content-Range header.');
    }
    const total = range[3] === '*' ? undefined : Number(range[3]);
    if (total !== undefined && (session.length ?? total) !== total) {
      throw invalid('The size of the object is not as announced.');
    }
    if (range[1] === undefined) {
      request.resume();
      return total === session.incoming.size ? this.#complete(session, request) : { kept: session.incoming.size };
    }
    const whole = range[2] === '*';
    const first = Number(range[1]);
    const last = whole ? Infinity : Number(range[2]);
    if (first > session.incoming.size || last < first) {
      throw invalid('The bytes do not follow those that are kept.');
    }
    const final = whole || (total !== undefined && last + 1 === total);
    if (!final && (last + 1 - first) % UNIT !== 0) {
      throw invalid(`A piece has to have a multiple of ${UNIT} bytes.`);
    }
    if (total !== undefined && last >= total) {
      throw invalid('The piece ends behind the end of the object.');
    }
    const limit = this.controls.partially() ? first + UNIT : Infinity;
    const received = await this.#append(request, session.incoming, first, limit);
    if (whole || (final && limit === Infinity)) {
      if (!whole && received !== last + 1) {
        throw invalid('The piece does not have as many bytes as it says.');
      }
      return this.#complete(session, request);
    }
    return { kept: session.incoming.size };
  }

  /** Keeps the bytes from where the kept ones end; those before are ignored, those behind the limit are not kept. */
  async #append(request, incoming, first, limit) {
    let at = first;
    for await (const chunk of request) {
      const from = Math.min(chunk.length, Math.max(0, incoming.size - at));
      const to = Math.min(chunk.length, Math.max(0, limit - at));
      if (to > from) {
        await incoming.append(chunk.subarray(from, to));
      }
      at += chunk.length;
    }
    return at;
  }

  async #complete(session, request) {
    const { incoming, description, bucket, name, parameters } = session;
    for (const hash of (request.headers['x-goog-hash'] ?? '').split(',')) {
      const [label, value] = hash.trim().split(/=(.*)/s);
      if (label === 'md5') {
        description.md5Hash = value;
      } else if (label === 'crc32c') {
        description.crc32c = value;
      }
    }
    await incoming.end();
    try {
      session.object = this.buckets.commit(bucket, name, incoming, description, parameters);
    } catch (failure) {
      await incoming.drop();
      throw failure;
    }
    return { object: session.object };
  }
}

/** The parts of multipart/related (RFC 2387). */
function split(body, boundary) {
  const mark = Buffer.from(`\r\n--${boundary}`);
  const text = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts = [];
  let at = text.indexOf(mark);
  while (at >= 0) {
    const next = text.indexOf(mark, at + mark.length);
    if (next < 0) {
      break;
    }
    const part = text.subarray(at + mark.length, next);
    const end = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, end).toString('latin1');
    parts.push({ type: /^content-type:\s*(.*?)\s*$/im.exec(head)?.[1], bytes: part.subarray(end + 4) });
    at = next;
  }
  if (at < 0 || text.subarray(at + mark.length, at + mark.length + 2).toString() !== '--') {
    throw invalid('The multipart body has no end.');
  }
  return parts;
}
