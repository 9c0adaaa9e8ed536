// Numbers of which many in a row are equal, as the tables of an MP4 hold them.

export type Run = { readonly count: number; readonly value: number };

/** Neighbours that are equal become one run. */
export function mergeRuns(runs: Iterable<Run>): readonly Run[] {
  const merged: { count: number; readonly value: number }[] = [];
  for (const { count, value } of runs) {
    const last = merged.at(-1);
    if (last?.value === value) last.count += count;
    else if (count > 0) merged.push({ count, value });
  }
  return merged;
}

export function runsOf(values: readonly number[]): readonly Run[] {
  return mergeRuns(values.map((value) => ({ count: 1, value })));
}

/** Each number in its turn. */
export function* eachOf(runs: Iterable<Run>): Generator<number, undefined> {
  for (const { count, value } of runs) for (let left = count; left > 0; left -= 1) yield value;
  return undefined;
}

/** As the rows of a table: how often, and what. */
export function rowsOf(runs: readonly Run[]): readonly number[] {
  return runs.flatMap(({ count, value }) => [count, value]);
}

export function countOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}

export function sumOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { count, value }) => sum + count * value, 0);
}
