import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asFrames } from '../../../plan-compiler/frame-time.ts';
import { partsOf } from '../../../plan-compiler/parts.ts';
import type { PictureLayer } from '../../../plan-compiler/render-plan.ts';
import { sliceLayer, type WholeLayer } from '../../../plan-compiler/slice-layer.ts';
import { planOf } from '../../support/plan-inputs.ts';

const still = planOf({ scenes: [{ id: 'a', duration: 1, layers: [{ type: 'color', color: 'red' }] }] })
  .scenes[0]!.picture.layers[0] as WholeLayer;

function layer(firstFrame: number, frames: number, fadeIn = 0, fadeOut = 0): WholeLayer {
  return {
    ...still,
    firstFrame,
    frames: asFrames(frames),
    fadeInFrames: asFrames(fadeIn),
    fadeOutFrames: asFrames(fadeOut),
  };
}

const timing = (slice: PictureLayer | null) =>
  slice && [slice.firstFrame, slice.frames, slice.fadeInFrames, slice.fadeOutFrames];

describe('a slice of a layer', () => {
  test('outside of its time is nothing', () => {
    expect(sliceLayer(layer(10, 5), { start: 0, frames: 10 })).toBeNull();
    expect(sliceLayer(layer(10, 5), { start: 15, frames: 10 })).toBeNull();
  });

  test('of a still is as long as what is seen of it', () => {
    expect(timing(sliceLayer(layer(0, 100), { start: 30, frames: 10 }))).toEqual([0, 10, 0, 0]);
    expect(timing(sliceLayer(layer(35, 100), { start: 30, frames: 10 }))).toEqual([5, 5, 0, 0]);
  });

  test('keeps a fade that is under way, and begins before the range', () => {
    expect(timing(sliceLayer(layer(20, 100, 15), { start: 30, frames: 10 }))).toEqual([-10, 20, 15, 0]);
    expect(timing(sliceLayer(layer(20, 100, 40), { start: 30, frames: 10 }))).toEqual([-10, 40, 40, 0]);
    expect(timing(sliceLayer(layer(20, 100, 0, 85), { start: 30, frames: 10 }))).toEqual([0, 90, 0, 85]);
  });

  test('drops fades that are over or still to come', () => {
    expect(timing(sliceLayer(layer(0, 100, 10, 10), { start: 10, frames: 80 }))).toEqual([0, 80, 0, 0]);
  });

  test('has in every frame the opacity that the whole layer has', () => {
    const any = fc.record({
      first: fc.nat(30),
      frames: fc.integer({ min: 1, max: 60 }),
      rise: fc.nat(60),
      fall: fc.nat(60),
      longest: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(any, ({ first, frames, rise, fall, longest }) => {
        const fadeIn = Math.min(rise, frames);
        const whole = layer(first, frames, fadeIn, Math.min(fall, frames - fadeIn));
        const sliced = partsOf(90, longest).flatMap((part) => {
          const slice = sliceLayer(whole, part);
          return Array.from({ length: part.frames }, (_, frame) =>
            slice === null ? null : opacityAt(slice, frame),
          );
        });
        expect(sliced).toEqual(Array.from({ length: 90 }, (_, frame) => opacityAt(whole, frame)));
      }),
    );
  });
});

describe('parts', () => {
  test('cover a scene exactly, none too long, none empty, all alike', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 3000 }),
        (frames, longest) => {
          const parts = partsOf(frames, longest);
          const lengths = parts.map((part) => part.frames);
          const joins = parts.every(({ start }, at) => {
            const before = parts[at - 1];
            return start === (before === undefined ? 0 : before.start + before.frames);
          });
          expect(joins).toBe(true);
          expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(frames);
          expect(Math.max(...lengths)).toBeLessThanOrEqual(longest);
          expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
          expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });
});

function opacityAt(
  {
    firstFrame,
    frames,
    fadeInFrames,
    fadeOutFrames,
  }: Pick<WholeLayer, 'firstFrame' | 'frames' | 'fadeInFrames' | 'fadeOutFrames'>,
  frame: number,
): number | null {
  const at = frame - firstFrame;
  if (at < 0 || at >= frames) return null;
  if (at < fadeInFrames) return at / fadeInFrames;
  const falling = at - (frames - fadeOutFrames);
  return falling >= 0 ? 1 - falling / fadeOutFrames : 1;
}
