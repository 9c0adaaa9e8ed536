import { describe, expect, it } from 'vitest';
import { readCursor, toPage, writeCursor } from '../../../database/page-cursor.ts';

describe('a page cursor', () => {
  const createdAt = new Date('2026-01-02T03:04:05.678Z');
  const position = (row: { id: string }) => ({ createdAt, id: row.id });

  it('comes back as the place it was made from', () => {
    const cursor = writeCursor(createdAt, 'job_1');
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readCursor(cursor)).toEqual({ beforeAt: '2026-01-02T03:04:05.678Z', beforeId: 'job_1' });
    expect(readCursor(null)).toEqual({ beforeAt: null, beforeId: null });
  });

  it.each([
    '',
    'x',
    'bnVsbA',
    writeCursor(createdAt, 'a').slice(0, -8),
    Buffer.from('[1,"a"]').toString('base64url'),
  ])('is refused where it is %j', (cursor) =>
    expect(() => readCursor(cursor)).toThrow('not one that a list gave'),
  );

  it('is given where there are more rows than a page holds, and points at its last row', () => {
    const rows = ['a', 'b', 'c'].map((id) => ({ id }));
    expect(toPage(rows, 3, position)).toEqual({ rows, nextCursor: null });
    const page = toPage(rows, 2, position);
    expect(page.rows).toEqual(rows.slice(0, 2));
    expect(readCursor(page.nextCursor)).toMatchObject({ beforeId: 'b' });
    expect(toPage([], 2, position)).toEqual({ rows: [], nextCursor: null });
  });
});
