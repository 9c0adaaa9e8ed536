// One attempt against real receivers on loopback. Other addresses are judged, never called.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readAllowedNetworks } from '../../../api/webhooks/address.ts';
import { type PostOptions, type PostOutcome, postEvent } from '../../../api/webhooks/post-event.ts';
import { resolveHost } from '../../../api/webhooks/resolve-host.ts';
import {
  type Answer,
  accept,
  type Receiver,
  type ReceiverOptions,
  startReceiver,
} from '../../support/webhook-receiver.ts';

const loopback = readAllowedNetworks('127.0.0.0/8, ::1');
const none = readAllowedNetworks('');
const opened: Receiver[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((receiver) => receiver.close()));
});

async function receiver(how: Answer = accept, options: ReceiverOptions = {}): Promise<Receiver> {
  const started = await startReceiver(how, options);
  opened.push(started);
  return started;
}

const never: PostOptions['resolve'] = () => Promise.reject(new Error('This test resolves nothing.'));

function post(url: string, change: Partial<PostOptions> = {}): Promise<PostOutcome> {
  const event = {
    url: new URL(url),
    headers: { 'content-type': 'application/json' },
    body: '{"jobId":"job_1"}',
  };
  const signal = new AbortController().signal;
  return postEvent(event, { allowed: loopback, resolve: never, signal, deadlineMs: 5_000, ...change });
}

describe('a receiver that answers', () => {
  it('with success has taken it', async () => {
    const { port, received } = await receiver();
    expect(await post(`http://127.0.0.1:${port}/hook?token=1`)).toMatchObject({
      httpStatus: 204,
      error: null,
    });
    expect(received).toMatchObject([
      { path: '/hook?token=1', body: '{"jobId":"job_1"}', headers: { host: `127.0.0.1:${port}` } },
    ]);
  });

  it('with an error has not', async () => {
    for (const status of [400, 410, 500, 503]) {
      const { port } = await receiver((response) => void response.writeHead(status).end('no'));
      const error = `The receiver answered ${status}.`;
      expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ httpStatus: status, error });
    }
  });

  it('with a redirect is not followed', async () => {
    const canary = await receiver();
    for (const status of [301, 302, 303, 307, 308]) {
      const { port } = await receiver((response) => {
        response.writeHead(status, { location: `http://127.0.0.1:${canary.port}/secret` }).end();
      });
      const outcome = await post(`http://127.0.0.1:${port}/`);
      expect(outcome).toMatchObject({
        httpStatus: status,
        error: expect.stringContaining('not followed') as string,
      });
    }
    expect(canary.received).toEqual([]);
  });

  it('without end is read no further than 64 KB', async () => {
    const chunk = Buffer.alloc(16 * 1024, 'x');
    let written = 0;
    let isCut = false;
    const { port } = await receiver((response) => {
      response.writeHead(200);
      response.on('close', () => {
        isCut = true;
      });
      const write = (): void => {
        if (isCut) return;
        written += chunk.length;
        if (response.write(chunk)) setImmediate(write);
        else response.once('drain', write);
      };
      write();
    });
    expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ httpStatus: 200, error: null });
    await expect.poll(() => isCut, { timeout: 20_000 }).toBe(true);
    // The rest lay in the buffers of both ends of the connection.
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  it('too late has not taken it', async () => {
    const { port } = await receiver(() => undefined);
    const outcome = await post(`http://127.0.0.1:${port}/`, { deadlineMs: 200 });
    expect(outcome).toMatchObject({ httpStatus: null, error: 'No answer within 0.2 s.' });
    expect(outcome.durationMs).toBeLessThan(2_000);
  });

  it('in time but with a body without end has taken it', async () => {
    const { port } = await receiver((response) => void response.writeHead(200).write('one'));
    const outcome = await post(`http://127.0.0.1:${port}/`, { deadlineMs: 200 });
    expect(outcome).toMatchObject({ httpStatus: 200, error: null });
    expect(outcome.durationMs).toBeLessThan(2_000);
  });

  it('by a cut connection has not taken it', async () => {
    const { port } = await receiver((response) => void response.socket?.destroy());
    const outcome = await post(`http://127.0.0.1:${port}/`);
    expect([outcome.httpStatus, outcome.error]).toEqual([null, expect.any(String)]);
  });

  it('with something that is not HTTP has not taken it', async () => {
    const { port } = await receiver((response) => void response.socket?.end('HTTP/1.1 2OO nonsense\r\n\r\n'));
    const outcome = await post(`http://127.0.0.1:${port}/`);
    expect([outcome.httpStatus, outcome.error]).toEqual([null, expect.any(String)]);
  });
});

describe('a receiver that is away', () => {
  it('refuses the connection', async () => {
    const gone = await startReceiver();
    await gone.close();
    expect(await post(`http://127.0.0.1:${gone.port}/`)).toMatchObject({
      httpStatus: null,
      error: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('is given up when the process stops', async () => {
    const stop = new AbortController();
    const silent = await receiver(() => stop.abort());
    const outcome = await post(`http://127.0.0.1:${silent.port}/`, { signal: stop.signal });
    expect([outcome.httpStatus, outcome.error]).toEqual([null, expect.any(String)]);
  });
});

describe('a name', () => {
  it('is resolved once, and what was judged is what is connected to', async () => {
    const { port, received } = await receiver();
    let calls = 0;
    const resolve = (host: string) =>
      Promise.resolve([host === 'hooks.test' && (calls += 1) > 0 ? '127.0.0.1' : '']);
    expect(await post(`http://hooks.test:${port}/`, { resolve })).toMatchObject({ error: null });
    expect([calls, received[0]?.headers.host]).toEqual([1, `hooks.test:${port}`]);
  });

  it('may have several addresses, the first of which is away', async () => {
    const { port, received } = await receiver();
    const resolve = () => Promise.resolve(['::1', '127.0.0.1']);
    expect(await post(`http://hooks.test:${port}/`, { resolve })).toMatchObject({ error: null });
    expect(received).toHaveLength(1);
  });

  it('without an address is not found', async () => {
    const resolve = () => Promise.resolve([]);
    expect(await post('https://hooks.test/', { resolve })).toMatchObject({ httpStatus: null });
  });
});

describe('what is not allowed', () => {
  let canary: Receiver;
  beforeAll(async () => {
    // All of this host, by either version of IP where it has both.
    canary = await startReceiver(accept, { host: '::' }).catch(() =>
      startReceiver(accept, { host: '0.0.0.0' }),
    );
  });
  afterAll(() => canary.close());
  afterEach(() => {
    expect(canary.received).toEqual([]);
  });

  it('is reached in no spelling of this host', async () => {
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '0.0.0.0',
      '0',
      '127.0.0.1.',
    ];
    const hosts6 = ['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]'];
    for (const host of [...hosts, ...hosts6])
      for (const protocol of ['http', 'https'])
        expect(await post(`${protocol}://${host}:${canary.port}/`, { allowed: none })).toMatchObject({
          httpStatus: null,
          error: 'The host has an address that is not public.',
        });
  });

  it('is not reached by the names of this host', async () => {
    for (const host of ['localhost', 'a.localhost']) {
      const outcome = await post(`https://${host}:${canary.port}/`, { allowed: none, resolve: resolveHost });
      expect([outcome.httpStatus, outcome.error]).toEqual([null, expect.any(String)]);
    }
  });

  it('is not reached by a name that leads there, alone or beside addresses that are allowed', async () => {
    const allowed = readAllowedNetworks('127.0.0.2');
    const found = [
      ['127.0.0.1'],
      ['::1'],
      ['::ffff:127.0.0.1'],
      ['127.0.0.2', '127.0.0.1'],
      ['127.0.0.1', '127.0.0.2'],
    ];
    for (const addresses of found)
      for (const protocol of ['http', 'https']) {
        const resolve = () => Promise.resolve(addresses);
        const outcome = await post(`${protocol}://rebind.test:${canary.port}/`, { allowed, resolve });
        expect(outcome).toMatchObject({
          httpStatus: null,
          error: 'The host has an address that is not public.',
        });
      }
  });

  it('is not reached by a name that changes its mind between one look and the next', async () => {
    const secret = await receiver(accept, { host: '127.0.0.1' });
    // Nothing listens at the first answer. Whoever looked up the name again to connect would come to the second.
    const answers = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.1']];
    let asked = 0;
    const resolve = () => Promise.resolve(answers[asked++] ?? []);
    const allowed = readAllowedNetworks('127.0.0.2');
    const url = `http://rebind.test:${secret.port}/`;
    expect((await post(url, { allowed, resolve })).error).toContain('ECONNREFUSED');
    expect(asked).toBe(1);
    expect((await post(url, { allowed, resolve })).error).toBe('The host has an address that is not public.');
    expect(secret.received).toEqual([]);
  });

  it('says nothing of the addresses that a name has', async () => {
    const resolve = () => Promise.resolve(['127.0.0.77']);
    const { error } = await post(`https://internal.test:${canary.port}/`, { allowed: none, resolve });
    expect(error).not.toContain('127.0.0.77');
  });
});

describe('https', () => {
  let folder: string;
  let tls: { key: string; cert: string };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scenemill-test-tls-'));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=hooks.test', '-addext', 'subjectAltName=DNS:hooks.test,IP:127.0.0.1'];
    const kind = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
    ];
    await promisify(execFile)('openssl', [...kind, ...subject, '-keyout', keyFile, '-out', certFile]);
    tls = { key: await readFile(keyFile, 'utf8'), cert: await readFile(certFile, 'utf8') };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const resolve = () => Promise.resolve(['127.0.0.1']);

  it('takes a certificate of the name, or of the address, by who is trusted', async () => {
    const { port, received } = await receiver(accept, { tls });
    for (const host of ['hooks.test', '127.0.0.1'])
      expect(await post(`https://${host}:${port}/x`, { resolve, certificates: tls.cert })).toMatchObject({
        httpStatus: 204,
        error: null,
      });
    expect(received).toHaveLength(2);
  });

  it('refuses one by who is not trusted, or of another name, before anything is sent', async () => {
    const { port, received } = await receiver(accept, { tls });
    const stranger = await post(`https://hooks.test:${port}/`, { resolve });
    expect(stranger.error).toContain('self-signed certificate');
    const other = await post(`https://other.test:${port}/`, { resolve, certificates: tls.cert });
    expect(other.error).toContain('altnames');
    expect(received).toEqual([]);
  });
});
