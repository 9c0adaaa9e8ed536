import { describe, expect, it } from 'vitest';
import { coreConstants, longerFilm, predictAll, predictSeconds } from '../../../bench/core-model.ts';

const measured = { oneCoreSeconds: 64, twoCoreSeconds: 34, longestSceneSeconds: 5 };

describe('the model of many cores', () => {
  it('gives back the two times it was made from', () => {
    const constants = coreConstants(measured);
    expect(constants).toEqual({ serialSeconds: 4, parallelSeconds: 60, longestSceneSeconds: 5 });
    expect(predictSeconds(constants, 1)).toBe(64);
    expect(predictSeconds(constants, 2)).toBe(34);
  });

  it('falls as 1/N until one scene is left, and not below', () => {
    const constants = coreConstants(measured);
    expect(predictSeconds(constants, 6)).toBe(14);
    expect(predictSeconds(constants, 12)).toBe(9);
    expect(predictSeconds(constants, 128)).toBe(9);
  });

  it('may give each further core less than a whole one', () => {
    expect(predictSeconds(coreConstants(measured), 6, 0.8)).toBe(4 + 60 / 5);
  });

  it('of a longer film keeps the longest scene', () => {
    const longer = longerFilm(coreConstants(measured), 12);
    expect(longer).toEqual({ serialSeconds: 48, parallelSeconds: 720, longestSceneSeconds: 5 });
    expect(predictSeconds(longer, 32)).toBe(48 + 22.5);
  });

  it('takes noise for what it is: no part is below nothing', () => {
    expect(coreConstants({ ...measured, twoCoreSeconds: 70 }).parallelSeconds).toBe(0);
    expect(coreConstants({ ...measured, twoCoreSeconds: 20 }).serialSeconds).toBe(0);
  });

  it('is told for 1, 2, 8, 32 and 128 cores, never slower with more', () => {
    const predictions = predictAll(coreConstants(measured));
    expect(predictions.map(({ cores }) => cores)).toEqual([1, 2, 8, 32, 128]);
    const seconds = predictions.map((prediction) => prediction.seconds);
    expect(seconds).toEqual([...seconds].sort((a, b) => b - a));
    for (const prediction of predictions) {
      expect(prediction.cautiousSeconds).toBeGreaterThanOrEqual(prediction.seconds);
    }
  });
});
