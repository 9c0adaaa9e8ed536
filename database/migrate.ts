import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pgPromise from 'pg-promise';
import { question } from './question.ts';
import type { Pool, Session } from './session.ts';

type Migration = { readonly name: string; readonly sha256: string };

const MIGRATION_NAME = /^\d{3}-[a-z0-9-]+\.sql$/;

const questions = {
  lock: question('migrations/lock'),
  prepare: question('migrations/prepare'),
  list: question('migrations/list'),
  record: question('migrations/record'),
};

/**
 * Brings the tables up to date: all pending migrations in one transaction, so a failure leaves the database as it was.
 * Several processes may call it at once. Returns the names that were applied.
 */
export async function migrate(pool: Pool): Promise<readonly string[]> {
  const known = await readMigrations();
  return pool.transaction('migrate', async (session) => {
    await session.first(questions.lock, {});
    await session.change(questions.prepare, {});
    const applied = await session.all<Migration>(questions.list, {});
    checkHistory(known, applied);
    const pending = known.slice(applied.length);
    for (const migration of pending) await apply(session, migration);
    return pending.map(({ name }) => name);
  });
}

async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder())).filter((name) => MIGRATION_NAME.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder(), name), 'utf8');
      return { name, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** What was applied must be the beginning of what we know: else the program is too old, or a migration was edited. */
function checkHistory(known: readonly Migration[], applied: readonly Migration[]): void {
  for (const [position, { name, sha256 }] of applied.entries()) {
    const expected = known[position];
    if (expected?.name !== name)
      throw new Error(`The database has the migration ${name}, which this version does not know.`);
    if (expected.sha256 !== sha256)
      throw new Error(`The migration ${name} was edited after it had been applied.`);
  }
}

async function apply(session: Session, migration: Migration): Promise<void> {
  const file = new pgPromise.QueryFile(join(folder(), migration.name), { minify: false, noWarnings: true });
  await session.change({ name: migration.name, file }, {});
  await session.change(questions.record, migration);
}

function folder(): string {
  return join(import.meta.dirname, 'migrations');
}
