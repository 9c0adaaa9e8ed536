// The API as a process of its own, under bodies that are made to fill its memory.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../tools/wait-until.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { film, firstKey } from './real-api.ts';

const GROWTH_MEGABYTES_MAX = 100;
/** As the image and the stack start it. */
const memoryFlags = ['--max-semi-space-size=2'];

let database: TestDatabase;
let folder: string;
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'scenemill-memory-'));
  const [port, nobody] = [await getPort(), await getPort()];
  url = `http://127.0.0.1:${port}`;
  server = spawn(process.execPath, [...memoryFlags, '--import', 'tsx', 'api/main.ts'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      STORE_DIR: folder,
      API_PORT: String(port),
      // Nobody answers there: nothing of this test gets so far.
      TEMPORAL_ADDRESS: `127.0.0.1:${nobody}`,
      LINK_SIGNING_SECRET: 'only-for-tests-0123456789',
      BOOTSTRAP_API_KEY: firstKey,
      LOG_LEVEL: 'silent',
    },
  });
  await waitUntil(() => fetch(`${url}/healthz`), {
    what: 'the API',
    timeoutMs: 60_000,
  });
});
afterAll(async () => {
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
  await rm(folder, { recursive: true, force: true });
  await database.remove();
});

const send = async (body: string | ReadableStream): Promise<number> => {
  const options = { 'content-type': 'application/json', 'x-api-key': firstKey };
  try {
    const response = await fetch(`${url}/v1/render/jobs`, {
      method: 'POST',
      headers: options,
      body,
      ...(typeof body === 'string' ? {} : { duplex: 'half' as const }),
    });
    await response.text();
    return response.status;
  } catch {
    // Cut off while it still sent: the answer was there before.
    return 413;
  }
};
const megabytes = async (): Promise<number> => {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(server.pid)]);
  return Number(stdout) / 1024;
};

test('20 MB, 200,000 levels, doubled properties and traps are refused, and memory hardly grows', async () => {
  expect(await send(JSON.stringify(film('default', 1)))).toBe(202);
  const before = await megabytes();
  const large = `{"kind":"movie","movie":{"title":"${'x'.repeat(20 * 1024 * 1024)}"}}`;
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const doubled = `{${'"a":1,'.repeat(500_000)}"kind":"movie"}`;
  let peak = before;
  for (let round = 0; round < 3; round += 1) {
    const answers = [
      await send(large),
      await send(new Blob([large]).stream()),
      await send(deep),
      await send(doubled),
      await send('{"kind":NaN}'),
      await send('{"__proto__":{"a":1}}'),
    ];
    expect(answers).toEqual([413, 413, 400, 400, 400, 400]);
    peak = Math.max(peak, await megabytes());
  }
  const grown = peak - before;
  expect(grown, `${before.toFixed(0)} MB before, ${peak.toFixed(0)} MB at most`).toBeLessThan(
    GROWTH_MEGABYTES_MAX,
  );
});
