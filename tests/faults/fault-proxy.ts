// Stands before an S3 server and does to its traffic what networks and disks do: refuse, hang, cut, shorten, flip, delay.
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Fault =
  /** The connection is closed before anything is answered. */
  | { readonly kind: 'refuse' }
  /** Accepted, and never answered. */
  | { readonly kind: 'hang' }
  /** The connection breaks in the middle of the body, whichever way it goes. */
  | { readonly kind: 'cut' }
  /** Half of the answer, without a word of how long it was to be. */
  | { readonly kind: 'short' }
  /** One bit of the answer is another. */
  | { readonly kind: 'flip' }
  | { readonly kind: 'slow'; readonly ms: number };

type FaultRule = {
  readonly fault: Fault;
  /** The request line, such as "GET /scenemill/cache/scenes/…"; every request where not given. */
  readonly match?: RegExp;
  /** How many requests it meets; all where not given. */
  readonly times?: number;
};

export type FaultProxy = {
  readonly url: string;
  /** From now on; returns how to stop it and how often it struck. */
  inject(rule: FaultRule): { readonly hits: () => number; readonly stop: () => void };
  clear(): void;
  close(): Promise<void>;
};

type Rule = FaultRule & { hits: number };

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const rules = new Set<Rule>();
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    const line = `${request.method ?? ''} ${request.url ?? ''}`;
    const rule = [...rules].find(
      ({ match, times, hits }) => (match?.test(line) ?? true) && hits < (times ?? Number.POSITIVE_INFINITY),
    );
    if (rule !== undefined) rule.hits += 1;
    void pass(target, { request, response, fault: rule?.fault ?? null });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    inject: (given) => {
      const rule: Rule = { ...given, hits: 0 };
      rules.add(rule);
      return { hits: () => rule.hits, stop: () => rules.delete(rule) };
    },
    clear: () => rules.clear(),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Exchange = {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly fault: Fault | null;
};

async function pass(target: string, exchange: Exchange): Promise<void> {
  const { request, fault } = exchange;
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'refuse') {
    request.socket.destroy();
    return;
  }
  if (fault?.kind === 'slow') await sleep(fault.ms);
  forward(target, exchange);
}

function forward(target: string, exchange: Exchange): void {
  const { request, fault } = exchange;
  const { hostname, port } = new URL(target);
  const { method, url, headers } = request;
  // With the caller's Host, which its signature covers.
  const sent = http.request({ hostname, port, method, path: url, headers });
  sent.on('error', () => request.socket.destroy());
  sent.on('response', (answer) => void giveBack(answer, exchange).catch(() => request.socket.destroy()));
  if (fault?.kind === 'cut' && method === 'PUT') cutBody(request, sent);
  else request.pipe(sent);
}

function cutBody(request: http.IncomingMessage, sent: http.ClientRequest): void {
  const half = halfOf(request.headers);
  let passed = 0;
  request.on('data', (chunk: Buffer) => {
    passed += chunk.length;
    if (passed < half) sent.write(chunk);
    else {
      sent.destroy();
      request.socket.destroy();
    }
  });
}

async function giveBack(answer: http.IncomingMessage, exchange: Exchange): Promise<void> {
  const { request, response, fault } = exchange;
  const headers = { ...answer.headers };
  if (fault?.kind === 'short') {
    delete headers['content-length'];
    headers.connection = 'close';
  }
  response.writeHead(answer.statusCode ?? 502, headers);
  if (request.method === 'HEAD' || fault === null || fault.kind === 'slow') answer.pipe(response);
  else await spoil(answer, { ...exchange, fault });
}

/** Passes the body on until its middle, where the fault strikes. */
async function spoil(
  answer: http.IncomingMessage,
  { request, response, fault }: Exchange & { readonly fault: Fault },
): Promise<void> {
  const half = halfOf(answer.headers);
  let passed = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const at = half - passed;
    passed += chunk.length;
    const isMiddle = at >= 0 && at < chunk.length;
    if (isMiddle && fault.kind !== 'flip') {
      response.write(chunk.subarray(0, at));
      if (fault.kind === 'short') response.end();
      // What was written before must leave first, or the reader sees a refusal instead of a cut.
      else setTimeout(() => request.socket.destroy(), 50);
      return;
    }
    if (isMiddle) chunk[at] = (chunk[at] ?? 0) ^ 0x10;
    response.write(chunk);
  }
  response.end();
}

function halfOf(headers: http.IncomingHttpHeaders): number {
  return Math.floor(Number(headers['content-length'] ?? 0) / 2);
}
