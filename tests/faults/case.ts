import { it } from 'vitest';

/** Those that are too slow for every run of all tests; `npm run test:faults` runs them too. */
const onlyInFullRun: ReadonlySet<string> = new Set<string>();

const caseMsMax = 180_000;

type Letter = 'a' | 'b' | 'c' | 'd' | 'e' | 'f';

/** One case of the list of faults, by its number. */
export function fault(
  id: `F${number}` | `F${number}${Letter}`,
  what: string,
  body: () => Promise<void>,
): void {
  if (onlyInFullRun.has(id) && process.env.FAULTS !== 'all') return;
  it(`${id}: ${what}`, body, caseMsMax);
}
