// Buckets and objects with generations; the bytes of objects are in files.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { bucketMissing, conditionNotMet, invalid, objectMissing, Refusal } from './answers.js';
import { Crc32c } from './crc32c.js';

/** Bytes on their way in: in a file, with their checksums. */
export class Incoming {
  size = 0;
  #md5 = createHash('md5');
  #crc32c = new Crc32c();

  static async to(folder) {
    const incoming = new Incoming();
    incoming.file = join(folder, randomUUID());
    incoming.handle = await open(incoming.file, 'wx');
    return incoming;
  }

  async append(bytes) {
    this.#md5.update(bytes);
    this.#crc32c.update(bytes);
    this.size += bytes.length;
    await this.handle.write(bytes);
  }

  async end() {
    await this.handle.close();
    this.md5Hash = this.#md5.digest('base64');
    this.crc32c = this.#crc32c.digest();
  }

  async drop() {
    await this.handle.close().catch(() => {});
    await unlink(this.file).catch(() => {});
  }
}

export class Buckets {
  #buckets = new Map();
  #lastGeneration = 0;

  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  make(name) {
    if (!/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/.test(name)) {
      throw invalid(`Invalid bucket name: '${name}'`);
    }
    if (this.#buckets.has(name)) {
      throw new Refusal(409, 'conflict', 'Your previous request to create the named bucket succeeded and you already own it.');
    }
    this.#buckets.set(name, new Map());
  }

  /** The objects of a bucket by their names. */
  objects(bucket) {
    const objects = this.#buckets.get(bucket);
    if (objects === undefined) {
      throw bucketMissing();
    }
    return objects;
  }

  incoming() {
    return Incoming.to(this.folder);
  }

  object(bucket, name, parameters) {
    const object = this.objects(bucket).get(name);
    const generation = parameters.get('generation');
    if (object === undefined || (generation !== null && generation !== object.generation)) {
      throw objectMissing(bucket, name);
    }
    this.#check(object, parameters, true);
    return object;
  }

  /** Whether an object may be put now; the same question as {@link commit} asks at the end. */
  checkPut(bucket, name, parameters) {
    const bytes = Buffer.byteLength(name);
    if (bytes < 1 || bytes > 1024 || /[\r\n]/.test(name) || name === '.' || name === '..') {
      throw invalid(`Invalid object name`);
    }
    this.#check(this.objects(bucket).get(name), parameters, false);
  }

  /** Makes what came in the object, in one step with the check of its conditions. */
  commit(bucket, name, incoming, description, parameters) {
    for (const hash of ['md5Hash', 'crc32c']) {
      if (description[hash] !== undefined && description[hash] !== incoming[hash]) {
        const label = hash === 'md5Hash' ? 'MD5 hash' : 'CRC32C';
        throw invalid(`Provided ${label} "${description[hash]}" doesn't match calculated ${label} "${incoming[hash]}".`);
      }
    }
    this.checkPut(bucket, name, parameters);
    const metadata = description.metadata ?? {};
    if (Object.values(metadata).some((value) => typeof value !== 'string')) {
      throw invalid('metadata values have to be strings');
    }
    const now = new Date().toISOString();
    this.#lastGeneration = Math.max(this.#lastGeneration + 1, Date.now() * 1000);
    const objects = this.objects(bucket);
    const before = objects.get(name);
    const object = {
      bucket,
      name,
      generation: String(this.#lastGeneration),
      metageneration: '1',
      contentType: description.contentType,
      contentEncoding: description.contentEncoding,
      metadata,
      size: String(incoming.size),
      md5Hash: incoming.md5Hash,
      crc32c: incoming.crc32c,
      timeCreated: now,
      updated: now,
      file: incoming.file,
    };
    objects.set(name, object);
    this.#forget(before);
    return object;
  }

  describe(bucket, name, parameters, changes) {
    const object = this.object(bucket, name, parameters);
    object.metageneration = String(Number(object.metageneration) + 1);
    object.updated = new Date().toISOString();
    for (const [key, value] of Object.entries(changes.metadata ?? {})) {
      if (value === null) {
        delete object.metadata[key];
      } else {
        object.metadata[key] = value;
      }
    }
    object.contentType = changes.contentType ?? object.contentType;
    return object;
  }

  delete(bucket, name, parameters) {
    this.#forget(this.object(bucket, name, parameters));
    this.objects(bucket).delete(name);
  }

  /** Readers of the bytes have the file open; to them nothing changes. */
  #forget(object) {
    if (object !== undefined) {
      unlink(object.file).catch(() => {});
    }
  }

  #check(object, parameters, reading) {
    const generation = object?.generation ?? '0';
    const metageneration = object?.metageneration ?? '0';
    for (const [name, actual] of [
      ['ifGenerationMatch', generation],
      ['ifMetagenerationMatch', metageneration],
    ]) {
      const wanted = parameters.get(name);
      if (wanted !== null && !/^\d+$/.test(wanted)) {
        throw invalid(`Invalid value for ${name}`);
      }
      if (wanted !== null && wanted !== actual) {
        throw conditionNotMet();
      }
    }
    if (parameters.get('ifGenerationNotMatch') === generation) {
      throw reading ? new Refusal(304, 'notModified', 'Not Modified') : conditionNotMet();
    }
  }
}
