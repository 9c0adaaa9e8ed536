// A stack on servers that the environment names: it uses them, starts none of its own, and leaves them alone at its end.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { isAlive } from '../../../tools/child-process.ts';
import { freePort } from '../../../tools/ports.ts';
import { startStack } from '../../../tools/stack.ts';
import { startTemporal, type TemporalServer } from '../../../tools/temporal.ts';
import { findTemporal } from '../../../tools/temporal-binary.ts';

const entry = fileURLToPath(new URL('./entries/fake-role.ts', import.meta.url));
const entries = { api: entry, worker: entry };
let folder = '';
let temporal: TemporalServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foreign-servers-'));
  await chmod(folder, 0o711);
  const ports = {
    grpc: await freePort(),
    ui: await freePort(),
    http: await freePort(),
    metrics: await freePort(),
  };
  const { path: binary } = await findTemporal();
  temporal = await startTemporal({ binary, dataFile: null, isHeadless: true, ports });
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(async () => {
  await temporal.stop();
  await rm(folder, { recursive: true });
});

/** A port that nobody in this process was given: `freePort` would not give it out again. */
async function unknownFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

const name = (servers: Readonly<Record<string, string>>): void => {
  for (const [variable, value] of Object.entries(servers)) vi.stubEnv(variable, value);
};

test('a stack uses the servers that the environment names, teaches Temporal its attributes, and stops none of them', async () => {
  const wantedPort = await unknownFreePort();
  name({
    DATABASE_URL: inject('postgresUrl'),
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: '',
    S3_ENDPOINT: 'http://127.0.0.1:7070',
    S3_ACCESS_KEY: 'films',
    S3_SECRET_KEY: 'hush',
    API_PORT: String(wantedPort),
    RENDER_CONCURRENCY: '3',
  });
  const details: string[] = [];
  const onStep = (step: string, state: string, detail: string): void => {
    if (state === 'done') details.push(`${step}: ${detail}`);
  };
  const stack = await startStack({ home: join(folder, 'named'), entries, onStep });
  try {
    expect(stack.children.map((child) => child.name)).toEqual(['api', 'worker-1']);
    expect(stack.environment).toMatchObject({
      DATABASE_URL: inject('postgresUrl'),
      TEMPORAL_ADDRESS: temporal.address,
      S3_ENDPOINT: 'http://127.0.0.1:7070',
      STORE_DIR: '',
      RENDER_CONCURRENCY: '3',
    });
    expect(stack.apiUrl).toBe(`http://127.0.0.1:${wantedPort}`);
    expect(details).toEqual(
      expect.arrayContaining([
        'postgres: the server of DATABASE_URL',
        `temporal: the server of TEMPORAL_ADDRESS, ${temporal.address}`,
      ]),
    );
  } finally {
    await stack.stop();
  }
  expect(isAlive(temporal.pid)).toBe(true);
  const connection = await Connection.connect({ address: temporal.address });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({
    namespace: 'default',
  });
  expect(Object.keys(customAttributes)).toContain('JobId');
  await connection.close();
});

test('a stack whose named server is away says which setting names it, and starts nothing', async () => {
  const nobody = `127.0.0.1:${await freePort()}`;
  name({ DATABASE_URL: inject('postgresUrl'), TEMPORAL_ADDRESS: nobody });
  const signal = AbortSignal.timeout(5_000);
  const failed: string[] = [];
  const onStep = (step: string, state: string): void => {
    if (state === 'failed') failed.push(step);
  };
  await expect(startStack({ home: join(folder, 'away'), entries, onStep, signal })).rejects.toThrow();
  expect(failed).toContain('temporal');
});
