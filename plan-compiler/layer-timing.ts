// When a layer plays: measured by itself first, since a scene may be as long as its layers, then cut to its scene.
import type { Layer } from '../contract/layers.ts';
import type { FilmContext, Span } from './film-context.ts';
import { asFrames, frameAt, secondsOf } from './frame-time.ts';
import type { Frames } from './render-plan.ts';

export type LayerExtent = {
  readonly startFrame: Frames;
  /** Null: until the end of its scene. */
  readonly ownFrames: Frames | null;
};

type Timed = { readonly start: number; readonly duration: Layer['duration'] };

/** Start and own length. Both edges are rounded, not the length: where one layer ends and the next begins, no frame is bare. */
export function measureExtent(
  layer: Timed,
  /** What "auto" stands for; null where it has no end of its own. */
  playedFrames: Frames | null,
  film: FilmContext,
): LayerExtent {
  const startFrame = frameAt(layer.start, film.rate);
  if (layer.duration === 'fill') return { startFrame, ownFrames: null };
  if (layer.duration === 'auto') return { startFrame, ownFrames: playedFrames };
  const endFrame = frameAt(layer.start + layer.duration, film.rate);
  return { startFrame, ownFrames: asFrames(Math.max(1, endFrame - startFrame)) };
}

/** Frames of the layer within its span; null where none is left. A layer that begins after the end is reported. */
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

/** Reports fades that together last longer than what they fade; a frame of rounding is forgiven. */
export function checkFades(
  fades: { readonly inSeconds: number; readonly outSeconds: number; readonly frames: Frames },
  span: Span,
  site: { readonly path: string; readonly film: FilmContext },
): void {
  const { rate, log } = site.film;
  const wanted = fades.inSeconds + fades.outSeconds;
  if (!span.isKnown || wanted <= secondsOf(fades.frames + 1, rate)) return;
  log.report({
    code: 'fades-too-long',
    path: site.path,
    message: `The fades take ${secondsText(wanted)} s, but it only plays for ${secondsText(secondsOf(fades.frames, rate))} s.`,
    hint: 'Shorten the fades, or let it last longer.',
  });
}

/** The fade out gives way where rounding, or a fault that was reported, leaves too little room. */
export function clampFades(rise: number, fall: number, length: number): readonly [number, number] {
  const first = Math.min(rise, length);
  return [first, Math.min(fall, length - first)];
}

/** Seconds for a person: at most a millisecond of detail. */
export function secondsText(seconds: number): string {
  return String(Number(seconds.toFixed(3)));
}
