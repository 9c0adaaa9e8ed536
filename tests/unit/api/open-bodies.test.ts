// Bodies that cost memory while they come in: a user has a share of the places, and others are not kept out.

import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';

let api: FakeApi;
let url: string;
let port: number;
const senders: Socket[] = [];

beforeEach(async () => {
  api = await createFakeApi();
  url = await api.server.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = api.server.server.address() as AddressInfo);
});
afterEach(async () => {
  leaveAll();
  await api.server.close();
});

/** Sends the head of a request and the beginning of its body, and no more. */
function begin(path: string, framing: string): void {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const type = 'content-type: application/json';
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\nx-api-key: ${api.anna}\r\n${type}\r\n${framing}\r\n\r\n`);
  senders.push(socket);
}

function leaveAll(): void {
  for (const socket of senders.splice(0)) socket.destroy();
}

/** How many requests the server holds open. */
const connections = () =>
  new Promise<number>((resolve) => {
    api.server.server.getConnections((_error, count) => resolve(count));
  });

const post = async (path: string, key: string, body: string) => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    body,
    headers: { 'x-api-key': key, 'content-type': 'application/json', connection: 'close' },
  });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, code, retryAfter: response.headers.get('retry-after') };
};

const tooMany = { status: 429, code: 'RATE_LIMITED', retryAfter: '5' };

describe('uploads of one user', () => {
  const upload = (name: string) =>
    post(`/v1/assets?projectId=project_${name}`, name === 'anna' ? api.anna : api.ben, 'sound');

  test('are bounded at once, whatever they announce, and come again when one has ended', async () => {
    for (let count = 0; count < 16; count += 1)
      begin(
        '/v1/assets?projectId=project_anna',
        count % 2 === 0 ? 'transfer-encoding: chunked' : 'content-length: 9',
      );
    await vi.waitFor(() => expect(api.store.putsOpen).toBe(16));
    expect(await upload('anna')).toEqual(tooMany);
    expect((await upload('ben')).status).toBe(202);
    leaveAll();
    await vi.waitFor(async () => expect((await upload('anna')).status).toBe(202));
  });

  test('give their places back when they were answered', async () => {
    for (let count = 0; count < 40; count += 1) expect((await upload('anna')).status).toBe(202);
  });
});

describe('large documents of one user', () => {
  const submit = (path = '/v1/render/jobs') => post(path, api.anna, JSON.stringify(submission));

  test('are bounded while they come in; small ones pass', async () => {
    for (let count = 0; count < 8; count += 1)
      begin(count % 2 === 0 ? '/v1/render/jobs' : '/v1/render/validate', 'content-length: 2000000');
    await vi.waitFor(async () => expect(await connections()).toBe(8));
    await vi.waitFor(async () => {
      const body = JSON.stringify({ ...submission, extra: 'x'.repeat(1024 * 1024) });
      expect(await post('/v1/render/validate', api.anna, body)).toEqual(tooMany);
    });
    expect((await submit()).status).toBe(202);
    expect((await post('/v1/render/jobs', api.ben, 'x'.repeat(2_000_000))).status).toBe(400);
    leaveAll();
  });
});
