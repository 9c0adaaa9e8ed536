import { describe, expect, it } from 'vitest';
import { compareResults, printComparison } from '../../../bench/compare-results.ts';
import type { BenchResults } from '../../../bench/results.ts';
import { exampleFilm, exampleResults, measuredAs } from './bench-results.ts';

const withCold = (ratio: number): BenchResults => ({
  ...exampleResults,
  films: { A: { ...exampleFilm, cold: measuredAs(ratio) } },
});

const withScenesASecond = (value: number): BenchResults => {
  const { tiny } = exampleResults.extra;
  const figures = tiny!.figures.map((figure, index) => (index === 0 ? { ...figure, value } : figure));
  return { ...exampleResults, extra: { tiny: { figures, details: {} } } };
};

const worse = (now: BenchResults): readonly string[] =>
  compareResults(exampleResults, now)
    .filter(({ isWorse }) => isWorse)
    .map(({ what }) => what);

describe('comparing with earlier results', () => {
  it('finds nothing worse in equal results', () => {
    expect(worse(exampleResults)).toEqual([]);
  });

  it('names a ratio that is worse by more than a tenth', () => {
    expect(worse(withCold(0.9))).toEqual(['film A, cold']);
    expect(worse(withCold(0.87))).toEqual([]);
    expect(worse(withCold(0.4))).toEqual([]);
  });

  it('does not take the noise of a very small ratio for a loss', () => {
    const now = { ...exampleResults, films: { A: { ...exampleFilm, nothing: measuredAs(0.024) } } };
    expect(worse(now)).toEqual([]);
  });

  it('knows that more scenes a second are better', () => {
    expect(worse(withScenesASecond(17))).toEqual(['tiny: scenes a second']);
    expect(worse(withScenesASecond(30))).toEqual([]);
  });

  it('leaves out what only one of them measured, and what is only told', () => {
    const now = { ...exampleResults, films: { ...exampleResults.films, B: exampleFilm } };
    const names = compareResults(exampleResults, now).map(({ what }) => what);
    expect(names.some((name) => name.startsWith('film B'))).toBe(false);
    expect(names).not.toContain('tiny: told only');
  });

  it('prints both figures, the change and what is worse', () => {
    const text = printComparison(compareResults(exampleResults, withCold(1)), 'before.json');
    expect(text).toContain('against before.json');
    expect(text).toMatch(/film A, cold +0\.800 +1\.000 +25 % +WORSE/);
  });
});
