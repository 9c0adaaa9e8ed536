import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PictureLayer, PicturePlan } from '../../../plan-compiler/render-plan.ts';
import type { FrameRange } from '../../../plan-compiler/slice-layer.ts';
import { slicePicture } from '../../../plan-compiler/slice-picture.ts';
import {
  anyPicture,
  drawnLayer,
  imageLayer,
  lookOf,
  pictureOf,
  videoLayer,
} from '../../support/picture-looks.ts';

function slice(layers: readonly PictureLayer[], range: FrameRange) {
  return slicePicture(pictureOf(200, layers), range);
}

/** What plays in a slice that has one layer, a video, and for how long its last picture is held. */
function played(layer: PictureLayer, range: FrameRange) {
  const [video] = slice([layer], range).picture.layers;
  if (video?.kind !== 'video') throw new Error('The slice shows no video.');
  return [...video.segments.map(({ sourceFrame, frames }) => [sourceFrame, frames]), video.holdFrames];
}

describe('a slice of a picture', () => {
  it('is as long as its range and keeps the background', () => {
    const { picture } = slice([], { start: 20, frames: 30 });
    expect(picture).toEqual(pictureOf(30, []));
  });

  it('keeps the layers that are seen in it, and says which', () => {
    const layers = [
      imageLayer({ frames: 200 }),
      drawnLayer({ from: 0, frames: 20 }),
      drawnLayer({ from: 50, frames: 10 }),
      drawnLayer({ from: 49, frames: 1 }),
    ];
    const { picture, kept } = slice(layers, { start: 20, frames: 30 });
    expect(kept).toEqual([0, 3]);
    expect(picture.layers.map(({ firstFrame, frames }) => [firstFrame, frames])).toEqual([
      [0, 30],
      [29, 1],
    ]);
  });

  it('plays a video from where it is by then', () => {
    const video = videoLayer([20, 30], 100, { from: 10, frames: 150 });
    expect(played(video, { start: 0, frames: 20 })).toEqual([[0, 10], 0]);
    expect(played(video, { start: 15, frames: 30 })).toEqual([[5, 15], [1000, 15], 0]);
    expect(played(video, { start: 50, frames: 20 })).toEqual([[1020, 10], 10]);
  });

  it('holds the last picture of a video that stands by then', () => {
    const video = videoLayer([20, 30], 100, { from: 10, frames: 150 });
    expect(played(video, { start: 60, frames: 40 })).toEqual([[1029, 1], 39]);
    expect(played(video, { start: 150, frames: 40 })).toEqual([[1029, 1], 9]);
  });

  it('counts what plays from where the video is first seen in the part', () => {
    const video = videoLayer([20], 80, { from: -50, frames: 150 });
    expect(played(video, { start: 5, frames: 10 })).toEqual([[5, 10], 0]);
    expect(played(video, { start: 15, frames: 10 })).toEqual([[15, 5], 5]);
  });
});

/** A part, a range in it, and a range in that. */
const anySlice = anyPicture.chain((picture) =>
  rangeIn(picture.frames).chain((outer) => rangeIn(outer.frames).map((inner) => ({ picture, outer, inner }))),
);

function rangeIn(frames: number): fc.Arbitrary<FrameRange> {
  return fc
    .integer({ min: 0, max: frames - 1 })
    .chain((start) =>
      fc.integer({ min: 1, max: frames - start }).map((length) => ({ start, frames: length })),
    );
}

function looks(picture: PicturePlan, { start, frames }: FrameRange, names?: readonly number[]): string[] {
  return Array.from({ length: frames }, (_, index) => lookOf(picture, start + index, names));
}

describe('a slice of any picture', () => {
  it('shows in every frame what the whole shows', () => {
    fc.assert(
      fc.property(anySlice, ({ picture, outer }) => {
        const { picture: part, kept } = slicePicture(picture, outer);
        expect(looks(part, { start: 0, frames: outer.frames }, kept)).toEqual(looks(picture, outer));
      }),
    );
  });

  it('has layers that are seen, and videos that fill their time', () => {
    fc.assert(
      fc.property(anySlice, ({ picture, outer }) => {
        for (const layer of slicePicture(picture, outer).picture.layers) {
          const end = layer.firstFrame + layer.frames;
          const seen = Math.min(outer.frames, end) - Math.max(0, layer.firstFrame);
          expect(seen).toBeGreaterThan(0);
          if (layer.kind !== 'video') continue;
          const total = layer.segments.reduce<number>((sum, { frames }) => sum + frames, layer.holdFrames);
          expect(total).toBe(seen);
        }
      }),
    );
  });

  it('sliced again is the slice of the whole', () => {
    fc.assert(
      fc.property(anySlice, ({ picture, outer, inner }) => {
        const once = slicePicture(picture, { start: outer.start + inner.start, frames: inner.frames });
        const first = slicePicture(picture, outer);
        const twice = slicePicture(first.picture, inner);
        expect(twice.picture).toEqual(once.picture);
        expect(twice.kept.map((index) => first.kept[index])).toEqual(once.kept);
      }),
    );
  });

  it('of the whole range shows the whole', () => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        const range = { start: 0, frames: picture.frames };
        const { picture: part, kept } = slicePicture(picture, range);
        expect(kept).toEqual(picture.layers.map((_, index) => index));
        expect(looks(part, range)).toEqual(looks(picture, range));
      }),
    );
  });
});
