// Overlays lie over the film but are rendered with its scenes: each is pushed down into the scenes that it covers.
import { byHeight } from './compile-scene.ts';
import type { FilmContext, Span } from './film-context.ts';
import { measureLayer } from './measure-layer.ts';
import { pictureLayer } from './picture-layer.ts';
import type { PictureLayer } from './render-plan.ts';
import { type FrameRange, sliceLayer, type WholeLayer } from './slice-layer.ts';

/** An overlay in the film's time. */
export type Overlay = {
  /** Position in the document. */
  readonly index: number;
  readonly layer: WholeLayer;
  /** Equal slices are one object: thousands of scenes share a watermark. */
  readonly slices: Map<string, PictureLayer>;
};

/** All overlays that show something, bottom up. */
export function compileOverlays(span: Span, film: FilmContext): readonly Overlay[] {
  const measured = film.input.movie.overlays.flatMap((document, index) => {
    const layer = document.enabled ? measureLayer(document, `movie.overlays[${index}]`, film) : null;
    return layer === null ? [] : [{ ...layer, index }];
  });
  return byHeight(measured).flatMap((overlay) => {
    const layer = pictureLayer(overlay, span, film);
    return layer === null ? [] : [{ index: overlay.index, layer, slices: new Map<string, PictureLayer>() }];
  });
}

/** What is seen of an overlay in a range of the film, in the range's own time; null where it does not cover it. */
export function sliceOverlay(overlay: Overlay, range: FrameRange): PictureLayer | null {
  const slice = sliceLayer(overlay.layer, range);
  if (slice === null) return null;
  const identity = [slice.firstFrame, slice.frames, slice.fadeInFrames, slice.fadeOutFrames].join(' ');
  const known = overlay.slices.get(identity);
  if (known !== undefined) return known;
  overlay.slices.set(identity, slice);
  return slice;
}
