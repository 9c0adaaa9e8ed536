// One Postgres for all integration tests of a run; each test file makes a database of its own in it.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../tools/postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a database in which others are made. */
    postgresUrl: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'scenemill-test-postgres-'));
  // The account "postgres" has to reach the data below it.
  await chmod(folder, 0o755);
  const port = await getPort();
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), port, isDisposable: true });
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
