// An S3 server that hangs, cuts or lies. What it answers is made up here, because a good server does none of it.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3Store } from '../../../storage/s3-store.ts';

const SILENCE_MS = 300;
/** Of a call that is given up long before. */
const LONG_SILENCE_MS = 20_000;
const body = Buffer.alloc(300_000, 7);

type Fault = (response: ServerResponse) => void;

let folder: string;
let server: Server;
let onGet: Fault;
let onPut: Fault;
let onHead: Fault;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-faults-'));
  onGet = (response) => response.end(body);
  onPut = (response) => response.end();
  onHead = (response) => response.end();
  server = createServer((request, response) => {
    request.resume();
    const isBucket = request.url === '/films' || request.url === '/films/';
    if (request.method === 'HEAD') answerHead(response, isBucket);
    else if (request.method === 'GET') onGet(response);
    else onPut(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

function answerHead(response: ServerResponse, isBucket: boolean): void {
  response.setHeader('last-modified', new Date(0).toUTCString());
  response.setHeader('etag', '"e"');
  if (!isBucket) response.setHeader('content-length', body.length);
  onHead(response);
}

function store(silenceMs = SILENCE_MS): S3Store {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return new S3Store(
    {
      endpoint: `http://127.0.0.1:${address.port}`,
      region: 'us-east-1',
      bucket: 'films',
      accessKey: 'key',
      secretKey: 'a secret key',
    },
    { patience: { silenceMs, longSilenceMs: silenceMs } },
  );
}

const unavailable = { code: 'UNAVAILABLE', retryable: true };
const put = (bytes: number) =>
  store().put('a/b', Readable.from([Buffer.alloc(bytes)]), { contentType: 'text/plain' });

describe('a read', () => {
  const faults: [string, Fault][] = [
    ['is never answered', () => undefined],
    [
      'stops in the middle and stays silent',
      (response) => {
        response.setHeader('content-length', body.length);
        response.write(body.subarray(0, 100_000));
      },
    ],
    [
      'is cut in the middle',
      (response) => {
        response.setHeader('content-length', body.length);
        response.write(body.subarray(0, 100_000), () => response.destroy());
      },
    ],
    ['is short without saying so', (response) => response.end(body.subarray(0, 100_000))],
    ['is longer than the object', (response) => response.end(Buffer.concat([body, body]))],
    [
      'is refused',
      (response) => {
        response.statusCode = 503;
        response.end('<Error><Code>SlowDown</Code></Error>');
      },
    ],
  ];

  it('gives the whole object where there is no fault', async () => {
    expect(await buffer(await store().read('a/b'))).toEqual(body);
  });

  it.each(faults)('that %s is UNAVAILABLE, and leaves no file', async (_, fault) => {
    onGet = fault;
    await expect(store().read('a/b').then(buffer)).rejects.toMatchObject(unavailable);
    await expect(store().readToFile('a/b', join(folder, 'out'))).rejects.toMatchObject(unavailable);
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a slow reader is not taken for a silent server', async () => {
    onGet = (response) => response.end(Buffer.alloc(body.length, 7));
    const stream = await store().read('a/b');
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (chunks.length === 0) await new Promise((resolve) => setTimeout(resolve, SILENCE_MS * 3));
      chunks.push(chunk);
    }
    expect(Buffer.concat(chunks)).toEqual(body);
  });

  it('that is given up ends at once', async () => {
    onGet = (response) => {
      response.setHeader('content-length', body.length);
      response.write(body.subarray(0, 100_000));
    };
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const reading = store(LONG_SILENCE_MS).readToFile('a/b', join(folder, 'out'), { signal: abort.signal });
    setTimeout(() => abort.abort(reason), 50);
    const startedAt = performance.now();
    await expect(reading).rejects.toBe(reason);
    expect(performance.now() - startedAt).toBeLessThan(LONG_SILENCE_MS / 2);
  });
});

describe('a write', () => {
  it.each([10, 9_000_000])('of %i bytes that is never answered is UNAVAILABLE', async (bytes) => {
    onPut = () => undefined;
    await expect(put(bytes)).rejects.toMatchObject(unavailable);
  });

  it('that is cut is UNAVAILABLE', async () => {
    onPut = (response) => response.destroy();
    await expect(put(10)).rejects.toMatchObject(unavailable);
  });
});

describe('a call that is never answered', () => {
  const calls: [string, (files: S3Store, signal: AbortSignal) => Promise<unknown>][] = [
    ['stat', (files, signal) => files.stat('a/b', { signal })],
    ['copy', (files, signal) => files.copy('a/b', 'a/c', { signal })],
    ['remove', (files, signal) => files.remove(['a/b'], { signal })],
    ['list', (files, signal) => files.list('a/', { signal })[Symbol.asyncIterator]().next()],
    ['read', (files, signal) => files.read('a/b', { signal })],
  ];

  it.each(calls)('(%s) ends at once when it is given up', async (_, call) => {
    const files = store(LONG_SILENCE_MS);
    await files.check();
    onHead = () => undefined;
    onGet = () => undefined;
    onPut = () => undefined;
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const asked = new Promise((resolve) => server.once('request', resolve));
    const calling = expect(call(files, abort.signal)).rejects.toBe(reason);
    await asked;
    const abortedAt = performance.now();
    abort.abort(reason);
    await calling;
    expect(performance.now() - abortedAt).toBeLessThan(LONG_SILENCE_MS / 2);
  });
});

it('a read that is answered only after it was given up holds no connection', {
  timeout: 10_000,
}, async () => {
  let late: ServerResponse | undefined;
  onGet = (response) => {
    late = response;
  };
  const abort = new AbortController();
  const reading = expect(store().read('a/b', { signal: abort.signal })).rejects.toThrow('cancelled');
  await expect.poll(() => late).toBeDefined();
  abort.abort(new Error('cancelled'));
  await reading;
  const closed = new Promise((resolve) => late?.once('close', resolve));
  // More than all buffers on the way take, so that it ends only where somebody reads it or lets go of it.
  late?.end(Buffer.alloc(20_000_000));
  await closed;
});

describe('a server that refuses our signature', () => {
  const refusal = async (clockMs: number) => {
    onHead = (response) => {
      response.setHeader('date', new Date(clockMs).toUTCString());
      response.writeHead(403).end();
    };
    return store()
      .stat('a/b')
      .catch((error: unknown) => error);
  };

  it('is told from one with another clock, though the answer to HEAD says the same', async () => {
    expect(await refusal(Date.now())).toMatchObject({
      hint: expect.stringContaining('S3_SECRET_KEY') as string,
    });
    expect(await refusal(Date.now() - 3_600_000)).toMatchObject({
      ...unavailable,
      message: expect.stringContaining("this machine's clock is 60 minutes ahead of its own") as string,
      hint: 'Set the clocks of the worker and of the S3 server right.',
    });
    expect(await refusal(Date.now() + 3_600_000)).toMatchObject({
      message: expect.stringContaining('60 minutes behind') as string,
    });
  });
});

describe('a server that is not there', () => {
  it('is UNAVAILABLE to every call, and is asked again by the next', async () => {
    const files = store();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(files.check()).rejects.toMatchObject(unavailable);
    await expect(files.stat('a/b')).rejects.toMatchObject(unavailable);
    await expect(files.remove(['a/b'])).rejects.toMatchObject(unavailable);
    await expect(files.copy('a/b', 'a/c')).rejects.toMatchObject(unavailable);
    await expect(files.list('a/')[Symbol.asyncIterator]().next()).rejects.toMatchObject(unavailable);
    server = createServer((_request, response) => answerHead(response, true));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await store().check();
  });
});
