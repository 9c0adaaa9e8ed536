// What is asked of each figure, as shares of the one graph: what must be, and what is aimed at.
import type { ExtraFigure, FilmResult } from './results.ts';

export type FilmCheck = {
  readonly what: string;
  readonly value: number;
  readonly must: number;
  readonly aim: number;
};

const coldLimits: Readonly<Record<string, { readonly must: number; readonly aim: number }>> = {
  A: { must: 0.9, aim: 0.8 },
  B: { must: 0.45, aim: 0.35 },
  C: { must: 1, aim: 0.9 },
};

/** The edits are judged on film A, whose scenes are all alike. */
export function filmChecks(name: string, result: FilmResult): readonly FilmCheck[] {
  const cold = coldLimits[name];
  const coldCheck = cold === undefined ? [] : [{ what: 'cold', value: result.cold.ratio, ...cold }];
  const edits: readonly FilmCheck[] = [
    { what: 'changed', value: result.changed.ratio, must: 0.17, aim: 0.13 },
    { what: 'music', value: result.music.ratio, must: 0.1, aim: 0.1 },
    { what: 'nothing', value: result.nothing.ratio, must: 0.05, aim: 0.05 },
  ];
  return [
    ...coldCheck,
    ...(name === 'A' ? edits : []),
    { what: 'memory', value: result.memoryRatio, must: 0.6, aim: 0.6 },
    { what: 'size at equal SSIM', value: result.sizeRatioAtEqualSsim, must: 1.05, aim: 1.05 },
  ];
}

export function isMet(value: number, target: NonNullable<ExtraFigure['target']>): boolean {
  return target.kind === 'at-most' ? value <= target.value : value >= target.value;
}
