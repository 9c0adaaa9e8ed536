import { asFrames } from './frame-time.ts';
import { type Playback, picturesWithin } from './playback.ts';
import type { DrawnPicture, ImagePicture, PictureLayer, VideoPicture } from './render-plan.ts';

/** A layer over its scene, or an overlay over the film, before it is cut to what one activity renders. */
export type WholeLayer =
  | (Omit<VideoPicture, 'segments' | 'holdFrames'> & { readonly playback: Playback })
  | ImagePicture
  | DrawnPicture;

/** A run of frames in the time of the whole layer. */
export type FrameRange = { readonly start: number; readonly frames: number };

/** The layer as seen in the range, in the range's own time; null where it is not visible there. */
export function sliceLayer(layer: WholeLayer, range: FrameRange): PictureLayer | null {
  const visible = visibleWithin(layer, range);
  if (visible === null) return null;
  const timing = sliceTiming(layer, visible, range.start);
  if (layer.kind !== 'video') return { ...layer, ...timing };
  const { playback, ...rest } = layer;
  const pictures = picturesWithin(playback, visible.from - layer.firstFrame, visible.to - layer.firstFrame);
  return { ...rest, ...timing, ...pictures };
}

type Timed = Pick<WholeLayer, 'firstFrame' | 'frames' | 'fadeInFrames' | 'fadeOutFrames'>;
type Visible = { readonly from: number; readonly to: number };

/** The frames [from, to) of the range in which the layer can be seen, in the time of the range's clock. */
export function visibleWithin(
  layer: Pick<Timed, 'firstFrame' | 'frames'>,
  range: FrameRange,
): Visible | null {
  const from = Math.max(layer.firstFrame, range.start);
  const to = Math.min(layer.firstFrame + layer.frames, range.start + range.frames);
  return to > from ? { from, to } : null;
}

// A slice without clock: what begins before the range, ends after it and does not change within it is written as lasting
// exactly the range. So a watermark has the same key in scenes of equal length, wherever they stand.
export function sliceTiming(layer: WholeLayer | PictureLayer, visible: Visible, rangeStart: number): Timed {
  const end = layer.firstFrame + layer.frames;
  const isRising = layer.firstFrame + layer.fadeInFrames > visible.from;
  const isFalling = end - layer.fadeOutFrames < visible.to;
  const isMoving = layer.kind === 'image' && layer.motion !== null;
  const fadeInFrames = asFrames(isRising ? layer.fadeInFrames : 0);
  const fadeOutFrames = asFrames(isFalling ? layer.fadeOutFrames : 0);
  const keepsStart = isRising || isMoving;
  const keepsEnd = isFalling || isMoving;
  // A fade that is only partly in the range stays whole, so the layer stays at least that long.
  const last = keepsEnd ? end : Math.max(visible.to, layer.firstFrame + fadeInFrames);
  const first = keepsStart ? layer.firstFrame : Math.min(visible.from, last - fadeOutFrames);
  return { firstFrame: first - rangeStart, frames: asFrames(last - first), fadeInFrames, fadeOutFrames };
}
