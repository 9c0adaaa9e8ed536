import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../database/connect-database.ts';
import { createTestDatabase } from '../../support/test-database.ts';

const cleanUps: (() => Promise<unknown> | undefined)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe('migrations', () => {
  it('are applied once though several processes start at once', async () => {
    const test = await createTestDatabase({ isMigrated: false });
    cleanUps.push(() => test.remove());
    await expect(test.database.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const others = Array.from({ length: 4 }, () => openDatabase(test.url, { connectionsMax: 1 }));
    for (const other of others) cleanUps.push(() => other.close());
    const applied = await Promise.all([test.database, ...others].map((database) => database.migrate()));
    const [first] = applied.filter((names) => names.length > 0);
    expect(applied.flat()).toEqual(first);
    expect(first?.[0]).toBe('001-initial.sql');
    await test.database.check();
    expect(await test.database.migrate()).toEqual([]);
  });

  it('wait for those of another process as long as they take, which no request may', async () => {
    const test = await createTestDatabase();
    cleanUps.push(() => test.remove());
    const impatient = openDatabase(test.url, { statementTimeoutMs: 200 });
    cleanUps.push(() => impatient.close());
    const other = test.sql(`SELECT pg_advisory_xact_lock(hashtext('scenemill migrations')), pg_sleep(1)`);
    let isHeld = false;
    while (!isHeld) {
      const [locks] = await test.sql<{ held: number }>(
        `SELECT count(*)::integer AS held FROM pg_locks WHERE locktype = 'advisory' AND granted`,
      );
      isHeld = locks?.held === 1;
    }
    expect(await impatient.migrate()).toEqual([]);
    await other;
  });

  it('refuse a database that a newer version has changed, or a migration that was edited', async () => {
    const test = await createTestDatabase();
    cleanUps.push(() => test.remove());
    await test.sql(`INSERT INTO schema_migrations VALUES ('999-future.sql', 'ab')`);
    await expect(test.database.migrate()).rejects.toThrow('999-future.sql, which this version does not know');
    await test.sql(`DELETE FROM schema_migrations WHERE name LIKE '999%'`);
    await test.sql(`UPDATE schema_migrations SET sha256 = 'other'`);
    await expect(test.database.migrate()).rejects.toThrow('was edited after');
  });
});

describe('a database that is out of reach', () => {
  it('is UNAVAILABLE and names the question', async () => {
    const database = openDatabase('postgres://nobody:x@127.0.0.1:1/none');
    cleanUps.push(() => database.close());
    await expect(database.jobs.get('job_1')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('jobs/get') as string,
    });
    await expect(database.jobs.cancel('job_1')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(database.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is UNAVAILABLE where it accepts and never answers', async () => {
    const { stop, port } = await silentServer();
    cleanUps.push(stop);
    const database = openDatabase(`postgres://nobody:x@127.0.0.1:${port}/none`);
    cleanUps.push(() => database.close());
    await expect(database.jobs.get('job_1')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is UNAVAILABLE where a statement takes too long or its connection is ended', async () => {
    const test = await createTestDatabase();
    cleanUps.push(() => test.remove());
    const impatient = openDatabase(test.url, { statementTimeoutMs: 300, connectionsMax: 2 });
    cleanUps.push(() => impatient.close());
    await impatient.check();
    await test.sql(
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN NEW; END $$`,
    );
    await test.sql(`CREATE TRIGGER slow BEFORE INSERT ON scene_clips EXECUTE FUNCTION slow()`);
    const clip = { key: 'k', kind: 'sound' as const, bytes: 1, sha256: 'a', length: 1 };
    await expect(impatient.clips.record(clip)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const ended = test.database.clips.record(clip);
    const isEnded = expect(ended).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    let count = 0;
    while (count === 0) {
      const rows = await test.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event = 'PgSleep'`);
      count = rows.length;
    }
    await isEnded;
    await test.database.check();
  });

  it('is asked on a new connection once one has fallen silent', async () => {
    const test = await createTestDatabase();
    cleanUps.push(() => test.remove());
    const line = await lineTo(test.url);
    cleanUps.push(line.stop);
    const database = openDatabase(line.url, { statementTimeoutMs: 100, connectionsMax: 1 });
    cleanUps.push(() => database.close());
    await database.check();
    line.fallSilent();
    await expect(database.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    // One that is asked before the pool has seen the end fails at once, as on any connection that breaks.
    const isThere = () =>
      database.check().then(
        () => true,
        () => false,
      );
    await expect.poll(isThere, { timeout: 1_000 }).toBe(true);
  });

  it('tells a fault of ours apart', async () => {
    const test = await createTestDatabase();
    cleanUps.push(() => test.remove());
    const clip = { key: 'k', kind: 'wrong' as 'sound', bytes: 1, sha256: 'a', length: 1 };
    await expect(test.database.clips.record(clip)).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

/** A way to a server on which what was connected can fall silent, as when the server's machine is gone; what connects later gets through. */
async function lineTo(
  serverUrl: string,
): Promise<{ readonly url: string; readonly stop: () => Promise<void>; readonly fallSilent: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(serverUrl).port), '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const url = new URL(serverUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    fallSilent: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function silentServer(): Promise<{ stop: () => Promise<void>; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { stop, port: address.port };
}
