// This run's ratios against an earlier run's: a slower commit is seen.
import { cases, type Findings } from './results.ts';

export type Comparison = {
  readonly what: string;
  readonly before: number;
  readonly now: number;
  readonly isWorse: boolean;
};

/** Worse by more than a tenth is worse, for ratios of interleaved runs repeat within a few hundredths. */
const toleranceShare = 0.1;
/** A ratio of 0.02 is a second of a film of fifty: a tenth of that is within the noise of one machine. */
const toleranceOfRatio = 0.01;

/** Only what both runs measured. */
export function compareResults(before: Findings, now: Findings): readonly Comparison[] {
  return [...compareFilms(before, now), ...compareExtras(before, now)];
}

export function printComparison(comparisons: readonly Comparison[], earlier: string): string {
  const rows = comparisons.map(({ what, before, now, isWorse }) =>
    [
      what.padEnd(52),
      format(before).padStart(9),
      format(now).padStart(9),
      `${(100 * (now / before - 1)).toFixed(0)} %`.padStart(8),
      isWorse ? '  WORSE' : '',
    ].join(''),
  );
  const head = [''.padEnd(52), 'before'.padStart(9), 'now'.padStart(9), 'change'.padStart(8)].join('');
  return [`against ${earlier} (worse: by more than ${toleranceShare * 100} %)`, head, ...rows, ''].join('\n');
}

function compareFilms(before: Findings, now: Findings): readonly Comparison[] {
  return Object.entries(now.films).flatMap(([name, film]) => {
    const known = before.films[name];
    if (known === undefined) return [];
    return cases.map((kind) =>
      comparison(`film ${name}, ${kind}`, {
        before: known[kind].ratio,
        now: film[kind].ratio,
        isLessBetter: true,
      }),
    );
  });
}

function compareExtras(before: Findings, now: Findings): readonly Comparison[] {
  return Object.entries(now.extra).flatMap(([name, { figures }]) =>
    figures.flatMap((figure) => {
      const known = before.extra[name]?.figures.find((candidate) => candidate.name === figure.name);
      if (known === undefined || figure.target === null) return [];
      const isLessBetter = figure.target.kind === 'at-most';
      return [
        comparison(`${name}: ${figure.name}`, { before: known.value, now: figure.value, isLessBetter }),
      ];
    }),
  );
}

function comparison(
  what: string,
  values: { readonly before: number; readonly now: number; readonly isLessBetter: boolean },
): Comparison {
  const { before, now, isLessBetter } = values;
  const loss = isLessBetter ? now - before : before - now;
  return { what, before, now, isWorse: loss > Math.max(before * toleranceShare, toleranceOfRatio) };
}

function format(value: number): string {
  return value < 10 ? value.toFixed(3) : value.toFixed(1);
}
