import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RenderError } from '../../../contract/errors.ts';
import {
  frameNumber,
  isSlice,
  type NalUnit,
  nalType,
  readUnits,
  withStartCode,
} from '../../../ffmpeg/h264-units.ts';
import { insertions, repeatStills } from '../../../ffmpeg/repeat-stills.ts';
import type { SkipFrames } from '../../../ffmpeg/skip-frames.ts';
import { asFrames } from '../../../plan-compiler/frame-time.ts';
import { keyFramePositions, type PictureRun, pictureRuns } from '../../../plan-compiler/picture-runs.ts';
import { sliceUnit } from '../../support/coded-pictures.ts';
import { anyPicture } from '../../support/picture-looks.ts';

const parameters = [Buffer.from([0x67, 0x64, 1]), Buffer.from([0x68, 0xee, 2])];
const skipFrames: SkipFrames = {
  parameterSets: parameters,
  slices: Array.from({ length: 16 }, (_, number) => sliceUnit(number, { body: 'as before' })),
};

const still = (frames: number, encoded: number, start = 0): PictureRun => ({
  ...{ start, frames: asFrames(frames), isStill: true, encodedFrames: asFrames(encoded) },
});
const moving = (frames: number, start = 0): PictureRun => ({
  ...{ start, frames: asFrames(frames), isStill: false, encodedFrames: asFrames(frames) },
});

/** What an encoder writes: parameters before each key frame, frame numbers that begin anew there. */
function encodedUnits(frames: number, keyFrames: readonly number[] = []): NalUnit[] {
  let number = -1;
  return Array.from({ length: frames }, (_, index) => {
    const isKey = index === 0 || keyFrames.includes(index);
    number = isKey ? 0 : (number + 1) % 16;
    const slice = sliceUnit(number, { isKey, body: `picture ${index}` });
    return isKey ? [...parameters, slice] : [slice];
  }).flat();
}

async function repeated(units: readonly NalUnit[], runs: readonly PictureRun[]): Promise<NalUnit[]> {
  const chunks = Readable.from([Buffer.concat(units.map(withStartCode))]);
  const found: NalUnit[] = [];
  for await (const unit of readUnits(repeatStills(chunks, runs, skipFrames))) found.push(unit);
  return found;
}

/** "0 1 . 2": encoded pictures by their position, "." is a repeated one. */
function told(units: readonly NalUnit[]): string {
  const words = units
    .filter(isSlice)
    .map((unit) => /picture (\d+)/.exec(unit.toString('latin1'))?.[1] ?? '.');
  return words.join(' ');
}

const range = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => String(from + index)).join(' ');
const dots = (count: number): string => Array.from({ length: count }, () => '.').join(' ');

describe('repeated pictures', () => {
  it('stand behind the settling pictures of their run', async () => {
    const runs = [moving(3), still(52, 20, 3), moving(2, 55)];
    expect([...insertions(runs)]).toEqual([[3 + 16, 32]]);
    expect(told(await repeated(encodedUnits(25), runs))).toBe(`${range(0, 19)} ${dots(32)} ${range(19, 25)}`);
  });

  it('stand in every still run, also one after the other', async () => {
    const runs = [still(48, 16), still(40, 24, 48), moving(2, 88)];
    expect([...insertions(runs)]).toEqual([
      [16, 32],
      [32, 16],
    ]);
    const expected = `${range(0, 16)} ${dots(32)} ${range(16, 32)} ${dots(16)} ${range(32, 42)}`;
    expect(told(await repeated(encodedUnits(42), runs))).toBe(expected);
  });

  it('may be of any number at the end and before a key frame', async () => {
    const runs = [still(21, 16), still(35, 16, 21)];
    const units = await repeated(encodedUnits(32, [16]), runs);
    expect(told(units)).toBe(`${range(0, 16)} ${dots(5)} ${range(16, 32)} ${dots(19)}`);
    // The parameters of the second key frame stand right before it, behind what was put in.
    expect(units.map(nalType).slice(2 + 16, 2 + 16 + 8)).toEqual([1, 1, 1, 1, 1, 7, 8, 5]);
  });

  it('are none where nothing stands: the stream stays as it is', async () => {
    const units = encodedUnits(40, [30]);
    expect(await repeated(units, [moving(40)])).toEqual(units);
  });

  it('leave units alone that are neither pictures nor parameters', async () => {
    const information = Buffer.from([0x06, 5, 1, 0x80]);
    const [first = information, second = information, ...slices] = encodedUnits(16);
    const units = await repeated([first, second, information, ...slices], [still(48, 16)]);
    expect(units.map(nalType)).toEqual([7, 8, 6, 5, ...Array.from({ length: 47 }, () => 1)]);
  });

  it('continue the frame numbers of any part, and make it as long as planned', async () => {
    const any = fc.record({ picture: anyPicture, gop: fc.integer({ min: 33, max: 300 }) });
    await fc.assert(
      fc.asyncProperty(any, async ({ picture, gop }) => {
        const video = { codec: 'h264', preset: 'veryfast', crf: 23, threads: 2 } as const;
        const output = { width: 1_000_000, height: 1080 };
        const format = { ...output, video: { ...video, gopFrames: asFrames(gop), repeatsStills: true } };
        const runs = pictureRuns(picture, format);
        const encoded = runs.reduce((sum, run) => sum + run.encodedFrames, 0);
        const units = await repeated(encodedUnits(encoded, keyFramePositions(runs, gop)), runs);
        const slices = units.filter(isSlice);
        expect(slices).toHaveLength(picture.frames);
        let number = -1;
        for (const slice of slices) {
          number = nalType(slice) === 5 ? 0 : (number + 1) % 16;
          expect(frameNumber(slice)).toBe(number);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a stream that cannot be repeated', () => {
  async function failure(units: readonly NalUnit[], runs: readonly PictureRun[]): Promise<RenderError> {
    const error: unknown = await repeated(units, runs).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof RenderError)) throw new Error(`Not a RenderError: ${String(error)}`);
    expect(error.code).toBe('SCENE_RENDER_FAILED');
    expect(error.hint).toContain('REPEAT_STILLS=off');
    return error;
  }
  const runs = [still(48, 16)];

  it('was encoded with other settings', async () => {
    const [, ...rest] = encodedUnits(16);
    expect((await failure([Buffer.from([0x67, 0x64, 9]), ...rest], runs)).message).toContain(
      'other settings',
    );
    const [first = Buffer.alloc(0), , ...slices] = encodedUnits(16);
    const other = Buffer.from([0x68, 0xee, 9]);
    expect((await failure([first, other, ...slices], runs)).message).toContain('other settings');
  });

  it('has frame numbers that do not follow each other', async () => {
    const units = encodedUnits(16);
    const missing = units.filter((_, index) => index !== 5);
    expect((await failure(missing, runs)).message).toContain('frame number 4 instead of 3');
  });

  it('has a key frame less or more than the plan where only whole cycles fit', async () => {
    // A part of 16 + 5 frames that ends at a key frame: without it the numbers behind do not fit.
    const before = [still(21, 16), moving(4, 21)];
    expect((await failure(encodedUnits(20), before)).message).toContain('frame number 0 instead of 5');
    expect(told(await repeated(encodedUnits(20, [16]), before))).toContain('16 17 18 19');
  });

  it('has pictures of several slices', async () => {
    const units = encodedUnits(16);
    const second = sliceUnit(0, { firstMacroblock: 40 });
    const several = units.flatMap((unit) => (isSlice(unit) ? [unit, second] : [unit]));
    expect((await failure(several, runs)).message).toContain('frame number');
  });

  it('has too few or too many pictures', async () => {
    expect((await failure(encodedUnits(15), runs)).message).toContain('15 pictures instead of 16');
    expect((await failure([], runs)).message).toContain('0 pictures instead of 16');
    const [first = Buffer.alloc(0)] = encodedUnits(1).slice(-1);
    expect((await failure([...encodedUnits(16), ...parameters, first], runs)).message).toContain(
      '17 pictures instead of 16',
    );
  });
});
