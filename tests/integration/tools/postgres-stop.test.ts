import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isAlive } from '../../../tools/child-process.ts';
import { freePort } from '../../../tools/ports.ts';
import { startPostgres } from '../../../tools/postgres.ts';

// The connection that makes the database may still be open then; its end was an uncaught error, which fails this file.
it('a Postgres that is stopped as soon as it is up ends in silence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postgres-stop-'));
  await chmod(folder, 0o711);
  for (let round = 0; round < 5; round++) {
    const server = await startPostgres({
      dataDir: join(folder, 'data'),
      port: await freePort(),
      isDisposable: true,
    });
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  }
  await rm(folder, { recursive: true });
});
