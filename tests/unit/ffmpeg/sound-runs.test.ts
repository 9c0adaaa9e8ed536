import { describe, expect, it } from 'vitest';
import { groupRepeats, seekSeconds } from '../../../ffmpeg/sound-runs.ts';
import { asSamples } from '../../../plan-compiler/frame-time.ts';

const segment = (sourceSample: number, samples: number) => ({
  sourceSample: asSamples(sourceSample),
  samples: asSamples(samples),
});

describe('runs of a source', () => {
  it('hold equal stretches once', () => {
    const runs = groupRepeats([segment(5, 100), segment(5, 100), segment(5, 30), segment(0, 30)], 48_000);
    expect(runs).toEqual([
      { sourceSample: 5, samples: 100, times: 2 },
      { sourceSample: 5, samples: 30, times: 1 },
      { sourceSample: 0, samples: 30, times: 1 },
    ]);
  });

  it('read long loops again instead of holding them in memory', () => {
    const minute = 48_000 * 60;
    expect(groupRepeats([segment(0, minute), segment(0, minute)], 48_000)).toHaveLength(1);
    expect(groupRepeats([segment(0, minute + 1), segment(0, minute + 1)], 48_000)).toHaveLength(2);
  });

  it('begin on a whole second with at least half a second of history', () => {
    expect(seekSeconds(0, 48_000, 'mov')).toBe(0);
    expect(seekSeconds(48_000 * 1.5 - 1, 48_000, 'mov')).toBe(0);
    expect(seekSeconds(48_000 * 1.5, 48_000, 'mov')).toBe(1);
  });

  it('begin at few places in Matroska, whose clock is rounded', () => {
    expect(seekSeconds(48_000 * 299, 48_000, 'matroska')).toBe(0);
    expect(seekSeconds(48_000 * 700, 48_000, 'matroska')).toBe(600);
  });
});
