import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that answers each request in turn as a test says, and remembers what it was asked. */
export class Scripted {
  readonly asked: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[] = [];
  readonly #server: Server;
  readonly #answers: ((response: ServerResponse, request: IncomingMessage) => void)[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
      const answer = this.#answers.shift();
      if (answer) answer(response, request);
      else response.writeHead(503).end();
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  then(answer: (response: ServerResponse, request: IncomingMessage) => void): this {
    this.#answers.push(answer);
    return this;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): (response: ServerResponse) => void {
  return (response) => response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export function problem(status: number, code: string): (response: ServerResponse) => void {
  return json(status, { type: 'about:blank', title: code, status, detail: code, code, category: 'caller', violations: [], retryable: false });
}

/** A stream that ends when it was all sent, as a connection does that breaks. */
export function stream(...pieces: string[]): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
    response.end();
  };
}
