import { columnsOf, fit } from './terminal-text.ts';

export type Column = { readonly title: string; readonly align: 'left' | 'right' };

const gap = 2;
const lastColumnsMin = 12;

/** Rows under titles, each column as wide as its widest cell; what is too wide for the terminal is cut in the last column. */
export function tableLines(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  columnsMax = Number.POSITIVE_INFINITY,
): readonly string[] {
  // A line break in a message would break the table.
  const rows = cells.map((row) => row.map((cell) => cell.replace(/\s+/g, ' ')));
  const wanted = columns.map((column, at) =>
    rows.reduce((width, row) => Math.max(width, columnsOf(row[at] ?? '')), columnsOf(column.title)),
  );
  const widths = cutLast(wanted, columnsMax);
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, at) => fit(row[at] ?? '', widths[at] ?? 0, align))
      .join(' '.repeat(gap))
      .trimEnd();
  return [
    line(columns.map((column) => column.title)),
    widths.map((width) => '─'.repeat(width)).join(' '.repeat(gap)),
    ...rows.map(line),
  ];
}

/** The last column keeps room for its title; a table of many columns may still be too wide. */
function cutLast(widths: readonly number[], columnsMax: number): readonly number[] {
  const others = widths.slice(0, -1).reduce((sum, width) => sum + width + gap, 0);
  const room = Math.max(lastColumnsMin, columnsMax - others);
  return widths.map((width, at) => (at === widths.length - 1 ? Math.min(width, room) : width));
}
