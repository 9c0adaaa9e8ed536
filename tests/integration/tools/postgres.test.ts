import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from '../../../database/driver.ts';
import { freePort } from '../../../tools/ports.ts';
import { startPostgres } from '../../../tools/postgres.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-postgres-test-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = async (isDisposable = true) =>
  startPostgres({ dataDir: join(folder, 'data'), port: await freePort(), isDisposable });

async function ask(url: string, text: string): Promise<unknown> {
  const connection = openConnection({ connectionString: url, max: 1 });
  try {
    return await connection.any(text);
  } finally {
    await connection.$pool.end();
  }
}

describe('our Postgres', () => {
  it('keeps what was written through a kill and a number given to another process', async () => {
    const first = await start(false);
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS number');
    process.kill(first.pid, 'SIGKILL');
    await first.stop();
    const stale = join(folder, 'data', 'postmaster.pid');
    const [, ...rest] = (await readFile(stale, 'utf8')).split('\n');
    await writeFile(stale, [String(process.pid), ...rest].join('\n'));
    const second = await start();
    expect(await ask(second.url, 'SELECT number FROM kept')).toEqual([{ number: 7 }]);
    await second.stop();
  });

  it('listens on loopback only and asks for its password', async () => {
    const postgres = await start();
    expect(await ask(postgres.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = new URL(postgres.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await postgres.stop();
    await expect(ask(postgres.url, 'SELECT 1')).rejects.toThrow();
  });

  it('is not taken over while the process that started it lives', async () => {
    const postgres = await start();
    await writeFile(join(folder, 'data', 'scenemill-owner.pid'), `${process.ppid}\n`);
    await expect(start()).rejects.toThrow(`in use by process ${process.ppid}`);
    expect(await ask(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
  });
});
