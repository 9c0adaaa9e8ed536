// What the benchmark finds; `--json` and `--save` write `BenchResults`.
import type { Usage } from './process-meter.ts';

export const cases = ['cold', 'changed', 'music', 'nothing'] as const;
export type Case = (typeof cases)[number];

/** Usage, and wall time as a share of the one graph's in the same round. */
export type Measured = Usage & { readonly ratio: number };

export type FilmResult = Readonly<Record<Case, Measured>> & {
  readonly about: string;
  readonly filmSeconds: number;
  readonly graph: Usage;
  /** Of 20 frames of ours against the graph's. */
  readonly lowestSsim: number;
  /** Bytes of our film as a share of the graph's, sound included. */
  readonly sizeRatio: number;
  /** Means over every fifth frame, each against its own picture with next to no loss: what encoding took away. */
  readonly ssimGraph: number;
  readonly ssimOurs: number;
  /** Ours against the graph's picture with next to no loss: other letter shapes count too. */
  readonly ssimOursToGraph: number;
  /** Bytes of our film as a share of what the graph would need for our SSIM. */
  readonly sizeRatioAtEqualSsim: number;
  /** Of the cold job's FFmpeg processes, as a share of the graph's. */
  readonly memoryRatio: number;
  /** Other programs' film as a share of the graph's wall time in the same round. */
  readonly peers: Readonly<Record<string, Measured>>;
};

/** One figure beside the films, with what is asked of it. */
export type ExtraFigure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Null where the figure is told, not judged. */
  readonly target: { readonly kind: 'at-most' | 'at-least'; readonly value: number } | null;
  readonly note: string;
};

export type ExtraResult = {
  readonly figures: readonly ExtraFigure[];
  /** What the figures were made of. */
  readonly details: unknown;
};

export type MachineFacts = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly ffmpeg: string;
  readonly x264: string;
};

/** What two runs can be compared by. */
export type Findings = Pick<BenchResults, 'films' | 'extra'>;

export type BenchResults = {
  readonly savedAt: string;
  readonly commit: string;
  readonly rounds: number;
  readonly films: Readonly<Record<string, FilmResult>>;
  /** Bytes that each of our processes held at the end of each film. */
  readonly processes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly extra: Readonly<Record<string, ExtraResult>>;
  readonly machine: MachineFacts;
};
