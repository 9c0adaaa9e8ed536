import { RenderError } from '../contract/errors.ts';

/** Where a page ended: the last row's time and id. Opaque to callers. */
export type PageEnd = { readonly beforeAt: string | null; readonly beforeId: string | null };

export function writeCursor(createdAt: Date, id: string): string {
  return Buffer.from(JSON.stringify([createdAt.toISOString(), id])).toString('base64url');
}

/** No cursor is the first page. Throws VALIDATION_ERROR for one that is not ours. */
export function readCursor(cursor: string | null): PageEnd {
  if (cursor === null) return { beforeAt: null, beforeId: null };
  const [beforeAt, beforeId] = decode(cursor);
  if (typeof beforeAt !== 'string' || typeof beforeId !== 'string' || Number.isNaN(Date.parse(beforeAt)))
    throw new RenderError('VALIDATION_ERROR', 'The cursor is not one that a list gave.');
  return { beforeAt: new Date(beforeAt).toISOString(), beforeId };
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
