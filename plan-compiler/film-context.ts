import type { ResolvedAsset } from '../contract/asset.ts';
import type { CompileInput } from './compile-types.ts';
import { parseFrameRate } from './frame-time.ts';
import type { Size } from './geometry.ts';
import { createIssueLog, type IssueLog } from './issue-log.ts';
import type { FrameRate, Frames } from './render-plan.ts';

/** What every step of a compilation looks at. */
export type FilmContext = {
  readonly input: CompileInput;
  readonly rate: FrameRate;
  readonly sampleRate: number;
  readonly canvas: Size;
  readonly log: IssueLog;
  /** Finds `asset:<id>`; null, and reported at the path, where it is not ready. */
  asset(reference: string, path: string): ResolvedAsset | null;
};

/** What layers are cut to: their scene, or the film for overlays and tracks. */
export type Span = {
  readonly kind: 'scene' | 'film';
  readonly frames: Frames;
  /** False where a fault hides the length: then nothing that follows from it is reported. */
  readonly isKnown: boolean;
};

export function openFilm(input: CompileInput): FilmContext {
  const log = createIssueLog();
  return {
    input,
    rate: parseFrameRate(input.movie.fps),
    sampleRate: input.movie.sampleRate,
    canvas: { width: input.movie.width, height: input.movie.height },
    log,
    asset(reference, path) {
      const asset = input.assets.get(reference.replace(/^asset:/, ''));
      if (asset !== undefined) return asset;
      log.report({
        code: 'asset-not-ready',
        path,
        message: `"${reference}" is not among the ready assets of this project.`,
        hint: 'Upload the file with POST /v1/assets and wait until its status is "ready".',
      });
      return null;
    },
  };
}
