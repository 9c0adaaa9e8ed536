/** The item whose number lies in the middle; of an even count the larger of the two, so that no ratio is flattered. */
export function medianBy<Item>(items: readonly Item[], by: (item: Item) => number): Item {
  const sorted = [...items].sort((a, b) => by(a) - by(b));
  const item = sorted[Math.floor(sorted.length / 2)];
  if (item === undefined) throw new Error('There is no median of nothing.');
  return item;
}
