import { it } from 'vitest';

/**
 * Those that take long, most of it waiting for bounds to pass; `npm run test:faults` runs them too, and the files
 * `*.long.test.ts`, all of whose cases are of that kind.
 */
const onlyInFullRun: ReadonlySet<string> = new Set([
  ...['F1', 'F2', 'F3', 'F4', 'F8', 'F16', 'F17'],
  ...['F19a', 'F19b', 'F19c', 'F19d', 'F19e', 'F22', 'F26', 'F27', 'F31'],
]);

const caseMsMax = 180_000;

type Letter = 'a' | 'b' | 'c' | 'd' | 'e' | 'f';

/** One case of the list of faults, by its number. */
export function fault(
  id: `F${number}` | `F${number}${Letter}`,
  what: string,
  body: () => Promise<void>,
  limitMs = caseMsMax,
): void {
  if (onlyInFullRun.has(id) && process.env.FAULTS !== 'all') return;
  it(`${id}: ${what}`, body, limitMs);
}
