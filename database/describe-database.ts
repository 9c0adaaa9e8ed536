import { RenderError } from '../contract/errors.ts';

/** How those who wait for the database tell of it. */
export const awaitedDatabase = {
  name: 'the database',
  advice: 'Start Postgres, or set DATABASE_URL to where it is.',
  /** Out of reach, or still coming up; a password that is wrong stays so. */
  mayPass: (error: unknown): boolean => error instanceof RenderError && error.code === 'UNAVAILABLE',
} as const;

/** host:port/name of a database's URL, without its account. */
export function databasePlace(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port === '' ? '5432' : port}${pathname}`;
}
