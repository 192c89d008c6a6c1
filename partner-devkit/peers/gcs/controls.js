// What a test does with the server: accounts, buckets and things that go wrong. Not part of the protocol.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parsed, read, sendJson, sendRefusal } from './answers.js';

export class Controls {
  /** Things that go wrong, each once: on: a pattern for method and path;
   * then status with reason, retryAfter, location, range, body, text or endless; or cut, partial, corrupt.
   * With a piece, the text has that in the place of PIECE, so many times. */
  #faults = [];

  constructor(accounts, buckets, endpoint) {
    this.accounts = accounts;
    this.buckets = buckets;
    this.endpoint = endpoint;
  }

  async answer(request, response, path) {
    const body = await read(request, 1024 * 1024);
    const asked = body.length === 0 ? {} : parsed(body);
    switch (`${request.method} ${path}`) {
      case 'POST /test/accounts':
        sendJson(response, 200, this.accounts.make(asked.role, `${this.endpoint}/token`));
        return;
      case 'POST /test/buckets':
        this.buckets.make(asked.name);
        break;
      case 'POST /test/faults':
        this.#faults.push(asked);
        break;
      case 'POST /test/revoke':
        this.accounts.revoke();
        break;
      case 'POST /test/token-seconds':
        this.accounts.tokenSeconds = asked.seconds;
        break;
      case 'POST /test/counts':
        sendJson(response, 200, { tokens: this.accounts.issued });
        return;
      default:
        sendJson(response, 404, {});
        return;
    }
    sendJson(response, 200, {});
  }

  /** Answers in place of the server when something is to go wrong at this request. */
  interferes(request, response) {
    const fault = this.#take((one) => one.status !== undefined || one.cut, `${request.method} ${request.url}`);
    if (fault === undefined) {
      return false;
    }
    if (fault.cut) {
      request.socket.destroy();
      return true;
    }
    request.resume();
    if (fault.retryAfter !== undefined) {
      response.setHeader('Retry-After', String(fault.retryAfter));
    }
    if (fault.range !== undefined) {
      response.writeHead(fault.status, { ...(fault.range === '' ? {} : { Range: fault.range }), 'Content-Length': 0 });
      response.end();
    } else if (fault.endless) {
      response.writeHead(fault.status, { 'Content-Type': 'application/json' });
      // as fast as it is taken, until the other side has enough
      pipeline(Readable.from(endless()), response).catch(() => {});
    } else if (fault.location !== undefined) {
      response.setHeader('Location', fault.location);
      sendJson(response, fault.status, {});
    } else if (fault.text !== undefined) {
      response.writeHead(fault.status, { 'Content-Type': 'application/json' });
      response.end(fault.piece === undefined ? fault.text : fault.text.replace('PIECE', () => fault.piece.repeat(fault.times)));
    } else if (fault.body !== undefined) {
      sendJson(response, fault.status, fault.body);
    } else {
      sendRefusal(response, { status: fault.status, reason: fault.reason, message: 'as the test asked for' });
    }
    return true;
  }

  /** Whether only a part of the next piece of an upload is kept. */
  partially() {
    return this.#take((one) => one.partial, '') !== undefined;
  }

  /** Whether a byte of the next content is another one. */
  corrupts() {
    return this.#take((one) => one.corrupt, '') !== undefined;
  }

  #take(kind, text) {
    const index = this.#faults.findIndex((one) => kind(one) && new RegExp(one.on ?? '').test(text));
    return index < 0 ? undefined : this.#faults.splice(index, 1)[0];
  }
}

function* endless() {
  yield '{"items": [';
  for (;;) {
    yield '1,'.repeat(32_768);
  }
}
