// Any picture a part can have, and what each of its frames looks like: frames with equal looks are the same picture.
import fc from 'fast-check';
import { asFrames } from '../../plan-compiler/frame-time.ts';
import type { Framing, PictureLayer, PicturePlan, VideoPicture } from '../../plan-compiler/render-plan.ts';

const framing: Framing = {
  crop: { x: 0, y: 0, width: 64, height: 36 },
  scaledWidth: 64,
  scaledHeight: 36,
  cut: { x: 0, y: 0, width: 64, height: 36 },
  flipH: false,
  flipV: false,
  rotated: null,
  x: 0,
  y: 0,
};
const view = { x: 0, y: 0, width: 1, height: 1 };

export type Timing = {
  readonly from?: number;
  readonly frames: number;
  readonly fadeIn?: number;
  readonly fadeOut?: number;
};

function timed({ from = 0, frames, fadeIn = 0, fadeOut = 0 }: Timing) {
  const fades = { fadeInFrames: asFrames(fadeIn), fadeOutFrames: asFrames(fadeOut) };
  return { firstFrame: from, frames: asFrames(frames), ...fades, opacity: 1 };
}

export function imageLayer(timing: Timing, isMoving = false): PictureLayer {
  const to = { x: 0.1, y: 0.1, width: 0.8, height: 0.8 };
  const motion = isMoving ? { from: view, to, easing: 'linear' as const } : null;
  return { kind: 'image', asset: 'photo', framing, motion, ...timed(timing) };
}

/** What is drawn does not matter where only time is looked at. */
const drawing = { type: 'shape' } as Extract<PictureLayer, { kind: 'drawn' }>['drawing'];

export function drawnLayer(timing: Timing): PictureLayer {
  return { kind: 'drawn', drawing, ...timed(timing) };
}

/** `played` are the lengths of what plays one after the other, each from another place of the source; then it stands. */
export function videoLayer(played: readonly number[], hold: number, timing: Timing): VideoPicture {
  return {
    kind: 'video',
    asset: 'clip',
    framing,
    ...timed(timing),
    segments: played.map((frames, index) => ({
      sourceFrame: asFrames(index * 1000),
      frames: asFrames(frames),
    })),
    holdFrames: asFrames(hold),
  };
}

export function pictureOf(frames: number, layers: readonly PictureLayer[]): PicturePlan {
  return { frames: asFrames(frames), background: { r: 0, g: 0, b: 0, a: 255 }, layers };
}

/** What is seen of each layer in a frame; `names` tells the layers apart. */
export function lookOf(picture: PicturePlan, frame: number, names?: readonly number[]): string {
  const seen = picture.layers.flatMap((layer, index) => {
    const at = frame - layer.firstFrame;
    if (at < 0 || at >= layer.frames) return [];
    const name = names?.[index] ?? index;
    return [`${name}: ${opacityAt(layer, at)} ${contentAt(layer, frame)}`];
  });
  return seen.join(', ');
}

function opacityAt({ frames, fadeInFrames, fadeOutFrames }: PictureLayer, at: number): number {
  const rise = at < fadeInFrames ? at / fadeInFrames : 1;
  const falling = at - (frames - fadeOutFrames);
  return rise * (falling > 0 ? 1 - falling / fadeOutFrames : 1);
}

function contentAt(layer: PictureLayer, frame: number): string {
  switch (layer.kind) {
    case 'drawn':
      return 'drawn';
    case 'image':
      return layer.motion === null ? 'image' : `image at ${frame - layer.firstFrame} of ${layer.frames}`;
    case 'video':
      return `frame ${sourceFrameAt(layer, frame - Math.max(0, layer.firstFrame))}`;
  }
}

function sourceFrameAt({ segments }: VideoPicture, at: number): number {
  let start = 0;
  for (const { sourceFrame, frames } of segments) {
    if (at < start + frames) return sourceFrame + at - start;
    start += frames;
  }
  const last = segments.at(-1);
  if (last === undefined) throw new Error('A video without anything to show.');
  return last.sourceFrame + last.frames - 1;
}

/** Parts of scenes of all lengths; layers may have begun in the part before and may outlast this one. */
export const anyPicture: fc.Arbitrary<PicturePlan> = fc
  .integer({ min: 1, max: 700 })
  .chain((frames) => fc.array(anyLayer(frames), { maxLength: 4 }).map((layers) => pictureOf(frames, layers)));

function anyLayer(partFrames: number): fc.Arbitrary<PictureLayer> {
  return anyTiming(partFrames).chain((timing) => {
    const end = (timing.from ?? 0) + timing.frames;
    const visible = Math.min(partFrames, end) - Math.max(0, timing.from ?? 0);
    return fc.oneof(
      fc.boolean().map((isMoving) => imageLayer(timing, isMoving)),
      fc.constant(drawnLayer(timing)),
      fc
        .array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 })
        .map((played) => videoOf(played, visible, timing)),
    );
  });
}

/** Plays no longer than the layer is seen. */
function videoOf(wished: readonly number[], visible: number, timing: Timing): PictureLayer {
  let left = visible;
  const played = wished.flatMap((frames) => {
    const taken = Math.min(frames, left);
    left -= taken;
    return taken > 0 ? [taken] : [];
  });
  return videoLayer(played, left, timing);
}

/** Seen in at least one frame of the part, as every layer of a plan is. */
function anyTiming(partFrames: number): fc.Arbitrary<Timing> {
  return fc
    .record({
      from: fc.integer({ min: -100, max: partFrames - 1 }),
      length: fc.integer({ min: 1, max: 800 }),
      rise: fc.oneof(fc.constant(0), fc.nat(60)),
      fall: fc.oneof(fc.constant(0), fc.nat(60)),
    })
    .map(({ from, length, rise, fall }) => {
      const frames = Math.max(length, 1 - from);
      const fadeIn = Math.min(rise, frames);
      return { from, frames, fadeIn, fadeOut: Math.min(fall, frames - fadeIn) };
    });
}
