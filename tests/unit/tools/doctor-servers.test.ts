import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineDatabase, examineStore } from '../../../tools/doctor-servers.ts';
import { freePort } from '../../../tools/ports.ts';

const server = createServer((_, response) => void response.writeHead(403).end('who are you?'));
let there = '';
let nobody = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  there = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  nobody = `127.0.0.1:${await freePort()}`;
});
afterAll(() => void server.close());

describe('a server of the environment, to the doctor,', () => {
  it('is well where it answers, whatever it answers', async () => {
    expect(await examineStore({ S3_ENDPOINT: `http://${there}` })).toMatchObject({
      name: 'store',
      state: 'ok',
    });
    expect(await examineStore({})).toMatchObject({ state: 'ok', detail: 'a folder on disk' });
  });

  it('is missing where nothing answers, with the reason and without its password', async () => {
    const store = await examineStore({ S3_ENDPOINT: `http://${nobody}` });
    expect(store).toMatchObject({ state: 'missing', fix: 'unset S3_ENDPOINT' });
    expect(store.detail).toMatch(/ECONNREFUSED/);
    const database = await examineDatabase(`postgres://films:hush@${nobody}/films`);
    expect(database).toMatchObject({ name: 'postgres', state: 'missing', fix: 'unset DATABASE_URL' });
    expect(database.detail).toContain(nobody);
    expect(database.detail).toMatch(/ECONNREFUSED/);
    expect(JSON.stringify(database)).not.toContain('hush');
  });

  it('that is named by no URL is told so', async () => {
    expect((await examineDatabase('films on the other machine')).state).toBe('missing');
    expect((await examineStore({ S3_ENDPOINT: 's3:7070' })).state).toBe('missing');
  });
});
