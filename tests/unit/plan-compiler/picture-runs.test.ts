import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asFrames } from '../../../plan-compiler/frame-time.ts';
import {
  frameNumberCycle,
  keyFramePositions,
  type PictureRun,
  pictureRuns,
  settlingFrames,
} from '../../../plan-compiler/picture-runs.ts';
import type { OutputSpec, PictureLayer, PicturePlan } from '../../../plan-compiler/render-plan.ts';
import {
  anyPicture,
  drawnLayer,
  imageLayer,
  lookOf,
  pictureOf,
  videoLayer,
} from '../../support/picture-looks.ts';

type Output = Pick<OutputSpec, 'width' | 'height' | 'video'>;

function outputOf(gopFrames = 240, options: { repeatsStills?: boolean; width?: number } = {}): Output {
  const { repeatsStills = true, width = 1920 } = options;
  const video = { codec: 'h264', preset: 'veryfast', crf: 23, threads: 2 } as const;
  return { width, height: 1080, video: { ...video, gopFrames: asFrames(gopFrames), repeatsStills } };
}

/** "still 16/150" is a still run of 150 frames of which 16 are encoded; "moves 15" one that moves. */
function described(runs: readonly PictureRun[]): string[] {
  return runs.map(({ isStill, frames, encodedFrames: encoded }) =>
    isStill ? `still ${encoded}/${frames}` : `moves ${frames}`,
  );
}

function runsOf(frames: number, layers: readonly PictureLayer[], output = outputOf()): string[] {
  return described(pictureRuns(pictureOf(frames, layers), output));
}

describe('the runs of a part', () => {
  it('are a single still one where nothing moves', () => {
    expect(runsOf(150, [])).toEqual(['still 16/150']);
    expect(runsOf(150, [imageLayer({ frames: 150 }), drawnLayer({ frames: 150 })])).toEqual(['still 16/150']);
  });

  it('are a single moving one where the setting is off', () => {
    expect(runsOf(150, [], outputOf(240, { repeatsStills: false }))).toEqual(['moves 150']);
  });

  it('move while a layer fades, and repeat whole cycles of frame numbers in between', () => {
    const title = drawnLayer({ frames: 150, fadeIn: 15, fadeOut: 15 });
    expect(runsOf(150, [title])).toEqual(['moves 15', 'still 24/120', 'moves 15']);
  });

  it('repeat any number of frames at the end of the part', () => {
    expect(runsOf(150, [drawnLayer({ frames: 150, fadeIn: 15 })])).toEqual(['moves 15', 'still 16/135']);
    expect(runsOf(151, [drawnLayer({ frames: 151, fadeIn: 15 })])).toEqual(['moves 15', 'still 16/136']);
  });

  it('move as long as an image is zoomed', () => {
    expect(runsOf(150, [imageLayer({ frames: 150 }, true), drawnLayer({ frames: 150 })])).toEqual([
      'moves 150',
    ]);
    expect(runsOf(150, [imageLayer({ from: 0, frames: 60 }, true)])).toEqual(['moves 60', 'still 16/90']);
  });

  it('stand from the last picture of a video on', () => {
    expect(runsOf(150, [videoLayer([20, 30], 100, { frames: 150 })])).toEqual(['moves 49', 'still 16/101']);
  });

  it('do not move where a video shows only its last picture', () => {
    expect(runsOf(150, [videoLayer([1], 149, { frames: 150 })])).toEqual(['still 16/150']);
  });

  it('are cut where a layer comes or goes', () => {
    expect(runsOf(200, [drawnLayer({ from: 80, frames: 60 })])).toEqual([
      'still 16/80',
      'still 28/60',
      'still 16/60',
    ]);
  });

  it('know what began in the part before and what outlasts this one', () => {
    // Four frames of the fade are left; the rest of the layer stands.
    expect(runsOf(150, [drawnLayer({ from: -11, frames: 400, fadeIn: 15, fadeOut: 30 })])).toEqual([
      'moves 4',
      'still 16/146',
    ]);
    expect(runsOf(150, [drawnLayer({ from: -100, frames: 400, fadeIn: 15 })])).toEqual(['still 16/150']);
    // The zoom goes on from where the part before stopped.
    expect(runsOf(150, [imageLayer({ from: -90, frames: 150 }, true)])).toEqual(['moves 60', 'still 16/90']);
    // A fade-out that has begun when the part begins.
    expect(runsOf(150, [drawnLayer({ from: -190, frames: 200, fadeOut: 20 })])).toEqual([
      'moves 10',
      'still 16/140',
    ]);
    // What plays counts from where the layer is first seen in the part.
    expect(runsOf(150, [videoLayer([20], 130, { from: -50, frames: 200 })])).toEqual([
      'moves 19',
      'still 16/131',
    ]);
  });

  it('are moving where a stretch is too short for a cycle beside its settling', () => {
    expect(runsOf(200, [drawnLayer({ frames: 46, fadeIn: 15 })])).toEqual(['moves 46', 'still 16/154']);
    expect(runsOf(200, [drawnLayer({ frames: 47, fadeIn: 15 })])).toEqual([
      'moves 15',
      'still 16/32',
      'still 16/153',
    ]);
  });

  it('are cut where a key frame has to stand, and are free before it', () => {
    expect(runsOf(250, [drawnLayer({ frames: 250, fadeIn: 10 })], outputOf(100))).toEqual([
      'moves 10',
      'still 16/90',
      'still 16/100',
      'still 16/50',
    ]);
  });

  it('are one where nothing can be repeated', () => {
    expect(runsOf(16, [])).toEqual(['moves 16']);
    expect(runsOf(17, [])).toEqual(['still 16/17']);
    expect(runsOf(16 + 15 + 4, [drawnLayer({ from: 31, frames: 4 })])).toEqual(['moves 35']);
    expect(runsOf(16 + 16 + 4, [drawnLayer({ from: 32, frames: 4 })])).toEqual(['still 16/32', 'moves 4']);
  });
});

describe('key frames', () => {
  const runs = pictureRuns(pictureOf(250, [drawnLayer({ frames: 250, fadeIn: 10 })]), outputOf(100));

  it('are placed by the frames of the part, given by the frames that are encoded', () => {
    expect(keyFramePositions(runs, 100)).toEqual([26, 42]);
  });

  it('are not needed in a part that is no longer than their distance', () => {
    expect(keyFramePositions(pictureRuns(pictureOf(240, []), outputOf(240)), 240)).toEqual([]);
    expect(keyFramePositions(pictureRuns(pictureOf(241, []), outputOf(240)), 240)).toEqual([16]);
  });
});

const anyRequest = fc.record({ picture: anyPicture, gop: fc.integer({ min: 1, max: 300 }) });

/** Checks something of the runs of many parts. */
function forAnyRuns(check: (part: PicturePlan, runs: readonly PictureRun[], gop: number) => void): void {
  fc.assert(
    fc.property(anyRequest, ({ picture, gop }) => {
      check(picture, pictureRuns(picture, outputOf(gop)), gop);
    }),
    { numRuns: 400 },
  );
}

describe('the runs of any part', () => {
  it('cover it without gaps, and what moves is in one piece', () => {
    forAnyRuns((picture, runs) => {
      let next = 0;
      for (const [index, run] of runs.entries()) {
        expect(run.start).toBe(next);
        expect(run.frames).toBeGreaterThan(0);
        expect(run.isStill || run.encodedFrames === run.frames).toBe(true);
        expect(run.isStill || runs[index + 1]?.isStill !== false).toBe(true);
        next += run.frames;
      }
      expect(next).toBe(picture.frames);
    });
  });

  it('stand still only where no frame differs from the first', () => {
    forAnyRuns((picture, runs) => {
      for (const { start, frames } of runs.filter(({ isStill }) => isStill)) {
        const looks = Array.from({ length: frames }, (_, index) => lookOf(picture, start + index));
        expect(new Set(looks).size).toBe(1);
      }
    });
  });

  it('repeat whole cycles of frame numbers, but before a key frame and at the end', () => {
    forAnyRuns((picture, runs, gop) => {
      for (const run of runs.filter(({ isStill }) => isStill)) {
        const end = run.start + run.frames;
        const repeated = run.frames - run.encodedFrames;
        expect(run.encodedFrames).toBeGreaterThanOrEqual(settlingFrames);
        expect(repeated).toBeGreaterThan(0);
        const isFree = end === picture.frames || finalKeys(runs, gop).includes(end);
        expect(isFree || repeated % frameNumberCycle === 0).toBe(true);
      }
    });
  });

  it('have a key frame at every multiple of the longest distance, none of them repeated', () => {
    forAnyRuns((picture, runs, gop) => {
      const multiples = Array.from({ length: Math.ceil(picture.frames / gop) }, (_, index) => index * gop);
      expect([0, ...finalKeys(runs, gop)]).toEqual(multiples);
    });
  });
});

/** Where the key frames stand in the part, once the repeated frames are put in. */
function finalKeys(runs: readonly PictureRun[], gop: number): number[] {
  const shown = runs.flatMap(({ start, frames, encodedFrames: encoded }) =>
    Array.from({ length: encoded }, (_, index) =>
      index < settlingFrames ? start + index : start + index + frames - encoded,
    ),
  );
  return keyFramePositions(runs, gop).map((position) => shown[position] ?? Number.NaN);
}
