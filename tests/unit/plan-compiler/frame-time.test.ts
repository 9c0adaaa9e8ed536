import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asFrames,
  frameAt,
  parseFrameRate,
  sampleAt,
  samplesCovering,
  sceneFrames,
  timescaleOf,
} from '../../../plan-compiler/frame-time.ts';

const rates = [7, 24, 25, 30, 60, 120, '24000/1001', '30000/1001', '60000/1001', '999983/9973'];
const anyRate = fc.constantFrom(...rates).map(parseFrameRate);
const anySampleRate = fc.constantFrom(44_100, 48_000, 96_000);

describe('frame rates', () => {
  test('are read from whole numbers and fractions, in lowest terms', () => {
    expect(parseFrameRate(30)).toEqual({ num: 30, den: 1 });
    expect(parseFrameRate('30000/1001')).toEqual({ num: 30_000, den: 1001 });
    expect(parseFrameRate('60/2')).toEqual({ num: 30, den: 1 });
  });

  test('that are no numbers are a fault of ours', () => {
    for (const text of ['', '30/', '0', '30/0', 'x', '1.5'])
      expect(() => parseFrameRate(text)).toThrow(RangeError);
  });

  test('give the timescales that were measured to join exactly', () => {
    const scales = [7, 24, 25, 30, 60, '30000/1001'].map((rate) => timescaleOf(parseFrameRate(rate)));
    expect(scales).toEqual([7000, 24_000, 25_000, 30_000, 60_000, 30_000]);
  });
});

describe('frames', () => {
  test('lie nearest to their moment', () => {
    const ntsc = parseFrameRate('30000/1001');
    expect(frameAt(1, ntsc)).toBe(30);
    expect(frameAt(10.01, ntsc)).toBe(300);
    expect(frameAt(0.0166, parseFrameRate(30))).toBe(0);
  });

  test('of a scene are at least one', () => {
    expect(sceneFrames(0.001, parseFrameRate(25))).toBe(1);
  });

  test('are whole and not negative', () => {
    for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => asFrames(count)).toThrow(RangeError);
  });
});

describe('samples', () => {
  test('are exact where binary fractions are not', () => {
    const rate = parseFrameRate('30000/1001');
    expect(sampleAt(1, rate, 48_000)).toBe(1602);
    expect(sampleAt(5, rate, 48_000)).toBe(8008);
    expect(sampleAt(4_319_999, parseFrameRate('99999/99991'), 96_000)).toBe(414_686_726_076);
  });

  test('a scene has enough of them wherever it stands in the film', () => {
    fc.assert(
      fc.property(
        anyRate,
        anySampleRate,
        fc.nat(5_000_000),
        fc.integer({ min: 1, max: 500_000 }),
        (rate, hz, start, frames) => {
          const needed = sampleAt(start + frames, rate, hz) - sampleAt(start, rate, hz);
          const held = samplesCovering(frames, rate, hz);
          expect(held).toBeGreaterThanOrEqual(needed);
          expect(held - needed).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test('at 30 frames per second every frame has as many', () => {
    const rate = parseFrameRate(30);
    expect(samplesCovering(7, rate, 48_000)).toBe(7 * 1600);
    expect(sampleAt(7, rate, 48_000)).toBe(7 * 1600);
  });
});
