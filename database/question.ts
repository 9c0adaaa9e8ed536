import { join } from 'node:path';
import pgPromise from 'pg-promise';

/** One statement from database/sql, read and checked when the program starts. */
export type Question = {
  /** "jobs/find", as errors name it. */
  readonly name: string;
  readonly file: pgPromise.QueryFile;
};

/** Throws where the file is missing or not SQL that can be minified. */
export function question(name: string): Question {
  const file = new pgPromise.QueryFile(join(import.meta.dirname, 'sql', `${name}.sql`), {
    minify: true,
    noWarnings: true,
  });
  // Typed as always there by the driver; it is only there after a failure.
  const fault: unknown = file.error;
  if (fault !== undefined && fault !== null)
    throw new Error(`database/sql/${name}.sql cannot be read.`, { cause: fault });
  return { name, file };
}
