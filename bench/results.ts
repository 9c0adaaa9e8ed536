// What the benchmark finds; `--json` writes `BenchResults`.
import type { Usage } from './process-meter.ts';

export type Case = 'cold' | 'changed' | 'music' | 'nothing';
/** Usage, and wall time as a share of the one graph's in the same round. */
export type Measured = Usage & { readonly ratio: number };
export type FilmResult = Readonly<Record<Case, Measured>> & {
  readonly graph: Usage;
  readonly lowestSsim: number;
  /** Bytes of our film as a share of the graph's. */
  readonly sizeRatio: number;
};
export type BenchResults = { readonly films: Record<string, FilmResult>; readonly machine: object };
