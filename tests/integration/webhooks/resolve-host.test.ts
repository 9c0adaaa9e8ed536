// Names asked of a nameserver of our own on loopback; no other is asked.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveHost } from '../../../api/webhooks/resolve-host.ts';

const [TYPE_A, TYPE_AAAA] = [1, 28];
const HEADER_BYTES = 12;
/** Address bytes by name and type; a name that is not here does not exist, and "silent" is never answered. */
const known: Readonly<Record<string, Readonly<Record<number, readonly number[]>>>> = {
  'both.test': {
    [TYPE_A]: [192, 0, 2, 1],
    [TYPE_AAAA]: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  },
  'four.test': { [TYPE_A]: [192, 0, 2, 4] },
};

let server: Socket;
let nameserver: string;
let asked = 0;
beforeAll(async () => {
  server = createSocket('udp4');
  server.on('message', (query, { port }) => {
    asked += 1;
    const answer = answerTo(query);
    if (answer !== null) server.send(answer, port, '127.0.0.1');
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  nameserver = `127.0.0.1:${server.address().port}`;
});
afterAll(() => server.close());

function answerTo(query: Buffer): Buffer | null {
  const { name, end } = questionName(query);
  if (name.startsWith('silent')) return null;
  const address = known[name]?.[query.readUInt16BE(end)];
  const header = Buffer.from(query.subarray(0, HEADER_BYTES));
  // An answer with recursion; code 3 where there is no such name.
  header.writeUInt16BE(0x8180 | (known[name] === undefined ? 3 : 0), 2);
  [1, address === undefined ? 0 : 1, 0, 0].forEach((count, index) =>
    header.writeUInt16BE(count, 4 + 2 * index),
  );
  const question = query.subarray(HEADER_BYTES, end + 4);
  const record =
    address === undefined
      ? []
      : [0xc0, 0x0c, ...query.subarray(end, end + 4), 0, 0, 0, 60, 0, address.length, ...address];
  return Buffer.concat([header, question, Buffer.from(record)]);
}

function questionName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += length + 1;
  }
  return { name: labels.join('.'), end: at + 1 };
}

const resolve = (host: string, signal = new AbortController().signal) =>
  resolveHost(host, signal, [nameserver]);

describe('a name', () => {
  it('has the addresses of both versions of IP, or of one', async () => {
    expect(await resolve('both.test')).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(await resolve('four.test')).toEqual(['192.0.2.4']);
  });

  it('that does not exist is not found', async () => {
    await expect(resolve('none.test')).rejects.toThrow('The host was not found (ENOTFOUND).');
  });

  it('of a nameserver that never answers is given up with the attempt', async () => {
    const startedMs = performance.now();
    await expect(resolve('silent.test', AbortSignal.timeout(100))).rejects.toThrow();
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  it('is not asked for when the attempt is over already', async () => {
    const before = asked;
    await expect(resolve('both.test', AbortSignal.abort())).rejects.toThrow();
    expect(asked).toBe(before);
  });
});
