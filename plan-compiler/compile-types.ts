import type { ResolvedAsset } from '../contract/asset.ts';
import type { DocumentIssue } from '../contract/issue.ts';
import type { Movie } from '../contract/movie.ts';
import type { FontReference, Hash, RenderPlan } from './render-plan.ts';

/** Bounds an operator sets; a document that asks for more is refused. */
export type EngineLimits = {
  readonly canvasWidth: { readonly min: number; readonly max: number };
  readonly canvasHeight: { readonly min: number; readonly max: number };
  readonly fpsMax: number;
  readonly filmSecondsMax: number;
  /** Scenes longer than this are rendered in parts. */
  readonly partSecondsMax: number;
};

/** All that a plan is made of; the same input gives the same plan. */
export type CompileInput = {
  readonly movie: Movie;
  /** By asset id; what the document names and is not here is reported. */
  readonly assets: ReadonlyMap<string, ResolvedAsset>;
  readonly fonts: readonly FontReference[];
  readonly limits: EngineLimits;
  /** Part of every key: clips are shared within it only (the project's id). */
  readonly scope: string;
  /** Identifies encoder builds and settings; part of every key. */
  readonly renderer: string;
  readonly encoding: {
    readonly crf: number;
    readonly threads: number;
    readonly repeatsStills: boolean;
    readonly audioBitsPerSecond: number;
  };
};

/** What a scene was made from, for telling why a later render could not re-use it. */
export type SceneSource = {
  readonly sceneId: string;
  readonly sceneIndex: number;
  /** Normalised document slice: canvas, overlays, scene; assets by content hash. */
  readonly source: unknown;
  /** Over the keys of all its parts. */
  readonly key: Hash;
};

export type CompileResult =
  | { readonly kind: 'compiled'; readonly plan: RenderPlan; readonly sources: readonly SceneSource[] }
  | { readonly kind: 'refused'; readonly issues: readonly DocumentIssue[] };
