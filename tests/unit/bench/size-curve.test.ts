import { describe, expect, it } from 'vitest';
import { sizeForSsim } from '../../../bench/size-curve.ts';

// 10, 20 and 30 dB.
const curve = [
  { crf: 20, bytes: 4_000, ssim: 0.999 },
  { crf: 26, bytes: 1_000, ssim: 0.9 },
  { crf: 23, bytes: 2_000, ssim: 0.99 },
];

describe('the size for an SSIM', () => {
  it('of a measured point is its own', () => {
    expect(sizeForSsim(curve, 0.99)).toBeCloseTo(2_000, 6);
    expect(sizeForSsim(curve, 0.9)).toBeCloseTo(1_000, 6);
    expect(sizeForSsim(curve, 0.999)).toBeCloseTo(4_000, 6);
  });

  it('between two points grows by the same share for each decibel', () => {
    expect(sizeForSsim(curve, 1 - 10 ** -1.5)).toBeCloseTo(1_000 * Math.SQRT2, 6);
  });

  it('beyond the points goes on as between the nearest two', () => {
    expect(sizeForSsim(curve, 0.9999)).toBeCloseTo(8_000, 6);
    expect(sizeForSsim(curve, 0)).toBeCloseTo(500, 6);
  });

  it('of a picture without loss has an end', () => {
    expect(sizeForSsim(curve, 1)).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  it('needs two points', () => {
    expect(() => sizeForSsim(curve.slice(0, 1), 0.99)).toThrow('two points');
  });
});
