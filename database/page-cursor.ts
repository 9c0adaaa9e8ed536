import { RenderError } from '../contract/errors.ts';

/** Where a page ended: the last row's time and id. Opaque to callers. */
export type PageEnd = { readonly beforeAt: string | null; readonly beforeId: string | null };

export function writeCursor(createdAt: Date, id: string): string {
  return Buffer.from(JSON.stringify([createdAt.toISOString(), id])).toString('base64url');
}

/** As `writeCursor` prints it. Postgres has no year 0, and years of more digits look otherwise. */
const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** No cursor is the first page. Throws VALIDATION_ERROR for one that is not ours: it must not reach Postgres, which would refuse it as our fault. */
export function readCursor(cursor: string | null): PageEnd {
  if (cursor === null) return { beforeAt: null, beforeId: null };
  const [beforeAt, beforeId] = decode(cursor);
  if (!isTime(beforeAt) || typeof beforeId !== 'string' || beforeId.includes('\0'))
    throw new RenderError('VALIDATION_ERROR', 'The cursor is not one that a list gave.', {
      hint: 'Send the nextCursor of the page before, or none for the first page.',
    });
  return { beforeAt, beforeId };
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));
}

/** A page of at most `limit` rows from one row more than that, and the cursor of the next where there is one. */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  position: (row: Row) => { readonly createdAt: Date; readonly id: string },
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } {
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { rows, nextCursor: null };
  const { createdAt, id } = position(last);
  return { rows: rows.slice(0, limit), nextCursor: writeCursor(createdAt, id) };
}

function decode(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
