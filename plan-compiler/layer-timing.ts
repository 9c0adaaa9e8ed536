// When a layer plays: measured by itself first, since a scene may be as long as its layers, then cut to its scene.
import type { Layer } from '../contract/layers.ts';
import type { FilmContext, Span } from './film-context.ts';
import { asFrames, frameAt, secondsOf } from './frame-time.ts';
import type { Frames } from './render-plan.ts';
import type { SourceWindow } from './source-window.ts';

export type LayerExtent = {
  readonly startFrame: Frames;
  /** Null: until the end of its scene. */
  readonly ownFrames: Frames | null;
};

type Timed = { readonly start: number; readonly duration: Layer['duration'] };

/** Start and own length. Both edges are rounded, not the length: where one layer ends and the next begins, no frame is bare. */
export function measureExtent(layer: Timed, window: SourceWindow | null, film: FilmContext): LayerExtent {
  const startFrame = frameAt(layer.start, film.rate);
  if (layer.duration === 'fill') return { startFrame, ownFrames: null };
  if (layer.duration === 'auto') return { startFrame, ownFrames: playedFrames(window) };
  const endFrame = frameAt(layer.start + layer.duration, film.rate);
  return { startFrame, ownFrames: asFrames(Math.max(1, endFrame - startFrame)) };
}

/** Frames of the layer within its scene; null where none is left. A layer that begins after the end is reported. */
export function cutExtent(
  extent: LayerExtent,
  span: Span,
  site: { readonly layer: Timed; readonly path: string; readonly film: FilmContext },
): Frames | null {
  const room = span.frames - extent.startFrame;
  if (room >= 1) return asFrames(Math.min(room, extent.ownFrames ?? room));
  // Less than half a frame before the end: nothing to see, yet nothing wrong.
  const spanSeconds = secondsOf(span.frames, site.film.rate);
  if (span.isKnown && site.layer.start >= spanSeconds) {
    site.film.log.report({
      code: 'starts-after-end',
      path: `${site.path}.start`,
      message: `It starts at ${site.layer.start} s, but the ${span.kind} ends at ${secondsText(spanSeconds)} s.`,
      hint: `Start it earlier or make the ${span.kind} longer.`,
    });
  }
  return null;
}

/** Two fades that fit into the length; where they are longer by more than a frame of rounding, that is reported. */
export function fitFades(
  fades: { readonly rise: Frames; readonly fall: Frames },
  length: Frames,
  site: { readonly path: string; readonly film: FilmContext; readonly isKnown: boolean },
): { readonly rise: Frames; readonly fall: Frames } {
  const excess = fades.rise + fades.fall - length;
  if (excess <= 0) return fades;
  if (excess > 1 && site.isKnown) {
    site.film.log.report({
      code: 'fades-too-long',
      path: site.path,
      message: `The fades take ${fades.rise + fades.fall} frames, but only ${length} frames of it play.`,
      hint: 'Shorten the fades, or let it last longer.',
    });
  }
  const rise = asFrames(Math.min(fades.rise, length));
  return { rise, fall: asFrames(length - rise) };
}

/** Seconds for a person: at most a millisecond of detail. */
export function secondsText(seconds: number): string {
  return String(Number(seconds.toFixed(3)));
}

function playedFrames(window: SourceWindow | null): Frames | null {
  if (window === null || window.repeats === Number.POSITIVE_INFINITY) return null;
  return asFrames(window.frames * window.repeats);
}
