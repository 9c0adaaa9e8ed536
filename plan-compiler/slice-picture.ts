import { asFrames } from './frame-time.ts';
import { type Segment, withHold } from './playback.ts';
import type { PictureLayer, PicturePlan, VideoPicture } from './render-plan.ts';
import { type FrameRange, sliceTiming, visibleWithin } from './slice-layer.ts';

export type PictureSlice = {
  readonly picture: PicturePlan;
  /** For each layer of the slice its position among the layers of the whole. */
  readonly kept: readonly number[];
};

/** A range of a part's frames as a part of its own: its frame n is the whole's frame `range.start + n`. */
export function slicePicture(picture: PicturePlan, range: FrameRange): PictureSlice {
  const slices = picture.layers.flatMap((layer, index) => {
    const slice = slicePictureLayer(layer, range, picture.frames);
    return slice === null ? [] : [{ slice, index }];
  });
  return {
    picture: {
      frames: asFrames(range.frames),
      background: picture.background,
      layers: slices.map(({ slice }) => slice),
    },
    kept: slices.map(({ index }) => index),
  };
}

function slicePictureLayer(layer: PictureLayer, range: FrameRange, partFrames: number): PictureLayer | null {
  const visible = visibleWithin(layer, range);
  if (visible === null) return null;
  const timing = sliceTiming(layer, visible, range.start);
  if (layer.kind !== 'video') return { ...layer, ...timing };
  // Segments count from where the layer is first seen in the part.
  const firstSeen = visibleWithin(layer, { start: 0, frames: partFrames })?.from ?? 0;
  return { ...layer, ...timing, ...cutPictures(layer, visible.from - firstSeen, visible.to - firstSeen) };
}

/** What plays in [from, to) of a layer's visible frames, and for how long its last picture is held. */
function cutPictures(
  { segments }: VideoPicture,
  from: number,
  to: number,
): Pick<VideoPicture, 'segments' | 'holdFrames'> {
  const cut: Segment[] = [];
  let start = 0;
  for (const { sourceFrame, frames } of segments) {
    const first = Math.max(from - start, 0);
    const last = Math.min(to - start, frames);
    if (last > first) {
      cut.push({ sourceFrame: asFrames(sourceFrame + first), frames: asFrames(last - first) });
    }
    start += frames;
  }
  return withHold(cut, lastFrameOf(segments), to - from);
}

function lastFrameOf(segments: readonly Segment[]): number {
  const last = segments.at(-1);
  if (last === undefined) throw new Error('A video layer was planned without a segment.');
  return last.sourceFrame + last.frames - 1;
}
