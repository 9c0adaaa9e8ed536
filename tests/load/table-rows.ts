import type { LoadSite } from './load-site.ts';

export type TableRows = { readonly rows: Readonly<Record<string, number>>; readonly bytes: number };

/** Rows of every table of ours, and what the database takes on disk. */
export async function readTableRows({ database }: Pick<LoadSite, 'database'>): Promise<TableRows> {
  const tables = await database.many<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  );
  const rows: Record<string, number> = {};
  for (const { name } of tables) {
    const answer = await database.one<{ count: number }>(
      'SELECT count(*)::integer AS count FROM $<name:name>',
      {
        name,
      },
    );
    rows[name] = answer.count;
  }
  const { bytes } = await database.one<{ bytes: number }>(
    'SELECT pg_database_size(current_database())::double precision AS bytes',
  );
  return { rows, bytes };
}

/** Only tables that have changed: "jobs +5001". */
export function describeGrowth(before: TableRows, after: TableRows): string {
  const changed = Object.entries(after.rows).flatMap(([name, count]) => {
    const more = count - (before.rows[name] ?? 0);
    return more === 0 ? [] : [`${name} ${more > 0 ? '+' : ''}${more}`];
  });
  return changed.join(', ');
}
