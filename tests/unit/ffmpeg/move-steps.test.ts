import { describe, expect, it } from 'vitest';
import { type MoveStep, moveSteps } from '../../../ffmpeg/move-steps.ts';
import type { Easing, Motion } from '../../../plan-compiler/render-plan.ts';

const box = { width: 1920, height: 1080 };
const whole = { x: 0, y: 0, width: 1, height: 1 };
const close = { x: 0.1, y: 0.15, width: 0.8, height: 0.8 };
const zoom = (easing: Easing): Motion => ({ from: whole, to: close, easing });

/** The size that each frame of a stream is seen on. */
function widths(steps: readonly MoveStep[]): readonly number[] {
  return steps.flatMap(({ frames, width }) => Array.from({ length: frames }, () => width));
}

describe('the steps of a slow move', () => {
  it('show each frame at nearly the size of its box', () => {
    const steps = moveSteps(zoom('linear'), { first: 0, count: 150, shown: 150 }, box);
    for (const [frame, width] of widths(steps).entries()) {
      const seen = (1 - (0.2 * frame) / 149) * width;
      expect(seen).toBeGreaterThan(1920 / 1.052);
      expect(seen).toBeLessThanOrEqual(1928);
    }
  });

  it('begin one after the other and leave no frame out', () => {
    const steps = moveSteps(zoom('linear'), { first: 0, count: 150, shown: 150 }, box);
    expect(steps.length).toBeGreaterThan(3);
    const ends = steps.map(({ start, frames }) => start + frames);
    expect(steps.map(({ start }) => start)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(150);
  });

  it.each(['linear', 'easeIn', 'easeOut', 'easeInOut'] as const)(
    'are the same in a part as in one piece (%s)',
    (easing) => {
      const all = widths(moveSteps(zoom(easing), { first: 0, count: 150, shown: 150 }, box));
      const part = widths(moveSteps(zoom(easing), { first: 61, count: 150, shown: 40 }, box));
      expect(part).toEqual(all.slice(61, 101));
    },
  );

  it('are one for a view that keeps its size', () => {
    const pan: Motion = {
      from: { ...close, x: 0, y: 0 },
      to: { ...close, x: 0.2, y: 0.2 },
      easing: 'linear',
    };
    expect(moveSteps(pan, { first: 0, count: 150, shown: 150 }, box)).toHaveLength(1);
  });

  it('grow no further than to half as much again as the box', () => {
    const deep: Motion = { from: whole, to: { x: 0.4, y: 0.4, width: 0.1, height: 0.1 }, easing: 'linear' };
    const steps = moveSteps(deep, { first: 0, count: 150, shown: 150 }, box);
    expect(Math.max(...steps.map(({ width }) => width))).toBeLessThanOrEqual(1.5 * 1928);
    expect(steps.length).toBeLessThan(12);
  });
});
