import { columnsOf, fit } from './terminal-text.ts';

export type Column = { readonly title: string; readonly align: 'left' | 'right' };

const gap = 2;
const lastColumnsMin = 12;

/**
 * Rows under titles, each column as wide as its widest cell. In a narrow terminal the last column is cut, and left out where
 * there is no room for it at all.
 */
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
  const widths = fitWidths(wanted, columnsMax);
  const line = (row: readonly string[]): string =>
    widths
      .map((width, at) => fit(row[at] ?? '', width, columns[at]?.align))
      .join(' '.repeat(gap))
      .trimEnd();
  return [
    line(columns.map((column) => column.title)),
    widths.map((width) => '─'.repeat(width)).join(' '.repeat(gap)),
    ...rows.map(line),
  ];
}

function fitWidths(widths: readonly number[], columnsMax: number): readonly number[] {
  const others = widths.slice(0, -1);
  const last = widths.at(-1) ?? 0;
  const room = columnsMax - others.reduce((sum, width) => sum + width + gap, 0);
  if (room < Math.min(last, lastColumnsMin) && others.length > 0) return fitWidths(others, columnsMax);
  return [...others, Math.min(last, Math.max(room, lastColumnsMin))];
}
