import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../database/connect-database.ts';
import { openConnection } from '../../database/driver.ts';

export type TestDatabase = {
  readonly url: string;
  readonly database: Database;
  /** Runs SQL of a test, past the repositories. */
  sql<Row>(text: string, values?: Readonly<Record<string, unknown>>): Promise<readonly Row[]>;
  remove(): Promise<void>;
};

/** An empty database of its own in the Postgres of this run; the tables are made unless a test wants to do it. */
export async function createTestDatabase(options = { isMigrated: true }): Promise<TestDatabase> {
  const adminUrl = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await once(adminUrl, 'CREATE DATABASE $<name:name>', { name });
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const database = openDatabase(url.href);
  if (options.isMigrated) await database.migrate();
  return {
    url: url.href,
    database,
    sql: (text, values = {}) => once(url.href, text, values),
    remove: async () => {
      await database.close();
      await once(adminUrl, 'DROP DATABASE $<name:name> WITH (FORCE)', { name });
    },
  };
}

async function once<Row>(
  url: string,
  text: string,
  values: Readonly<Record<string, unknown>>,
): Promise<readonly Row[]> {
  const connection = openConnection({ connectionString: url, max: 1 });
  try {
    return await connection.manyOrNone<Row>(text, values);
  } finally {
    await connection.$pool.end();
  }
}
