import { expect, test } from 'vitest';
import { tableLines } from '../../../cli/table.ts';
import { columnsOf } from '../../../cli/terminal-text.ts';

const columns = [
  { title: 'job', align: 'left' },
  { title: 'time', align: 'right' },
  { title: 'why', align: 'left' },
] as const;

test('a table is as wide as its cells, and a line break does not tear it', () => {
  expect(tableLines(columns, [['one', '1.0 s', 'changed:\nmovie.title']])).toEqual([
    'job   time  why',
    '───  ─────  ────────────────────',
    'one  1.0 s  changed: movie.title',
  ]);
});

test('what is too wide for the terminal is cut in the last column', () => {
  for (const width of [24, 30, 79]) {
    const lines = tableLines(columns, [['one', '1.0 s', 'x'.repeat(200)]], width);
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
    expect(lines.at(-1)).toMatch(/…$/);
  }
});

test('a column for which there is no room is left out, and the first one never', () => {
  expect(tableLines(columns, [['one', '1.0 s', 'x'.repeat(200)]], 20)).toEqual([
    'job   time',
    '───  ─────',
    'one  1.0 s',
  ]);
  expect(tableLines(columns, [['a long name', '1.0 s', 'x']], 5)[0]).toBe('job');
});
