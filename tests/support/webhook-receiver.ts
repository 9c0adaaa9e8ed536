// Servers on loopback that receive webhooks as tests want them to.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

type Received = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly atMs: number;
};

export type Receiver = {
  readonly port: number;
  readonly received: readonly Received[];
  /** Resolves when so many requests have come. */
  waitFor(count: number): Promise<void>;
  /** From now on. */
  answer(how: Answer): void;
  close(): Promise<void>;
};

export type Answer = (response: ServerResponse, request: Received) => void;

export type ReceiverOptions = {
  readonly host?: string;
  readonly port?: number;
  /** For https, in PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
};

export const accept: Answer = (response) => void response.writeHead(204).end();

/** Resolves when it listens; it accepts everything until it is told otherwise. */
export async function startReceiver(how: Answer = accept, options: ReceiverOptions = {}): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  let current = how;
  const take: RequestListener = (request, response) => {
    void readBody(request).then((body) => {
      const { url: path = '', headers } = request;
      const taken = { path, headers: headers as Record<string, string>, body, atMs: Date.now() };
      received.push(taken);
      for (const look of waiting) look();
      current(response, taken);
    });
  };
  const server = options.tls === undefined ? createServer(take) : createSecureServer(options.tls, take);
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    waitFor: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (received.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    answer: (next) => {
      current = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
