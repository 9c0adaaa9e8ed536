import type { FilmContext } from './film-context.ts';
import { framesPerSecond } from './frame-time.ts';
import type { FrameRange } from './slice-layer.ts';

/** Frames that one activity renders at most: what a lost worker loses, and what bounds a scene's waiting. */
export function longestPart(film: FilmContext): number {
  return Math.max(1, Math.floor(film.input.limits.partSecondsMax * framesPerSecond(film.rate)));
}

/** A scene as runs of frames that differ in length by one at most; short scenes are one run. */
export function partsOf(frames: number, longest: number): readonly FrameRange[] {
  const count = Math.ceil(frames / longest);
  const edge = (index: number): number => Math.floor((index * frames) / count);
  return Array.from({ length: count }, (_, index) => ({
    start: edge(index),
    frames: edge(index + 1) - edge(index),
  }));
}
