import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CodedPicture,
  PictureOrder,
  readPictures,
  UnfitStreamError,
} from '../../../ffmpeg/coded-pictures.ts';
import { type NalUnit, readUnits, withStartCode } from '../../../ffmpeg/h264-units.ts';
import { insertions, repeatStills } from '../../../ffmpeg/repeat-stills.ts';
import type { SkipFrames } from '../../../ffmpeg/skip-frames.ts';
import { asFrames } from '../../../plan-compiler/frame-time.ts';
import { keyFramePositions, type PictureRun, pictureRuns } from '../../../plan-compiler/picture-runs.ts';
import { encodedUnits, numbering, parameterUnits, sliceUnit } from '../../support/coded-pictures.ts';
import { anyPicture } from '../../support/picture-looks.ts';

const skipFrames: SkipFrames = {
  settings: { parameterSets: parameterUnits, numbering },
  slice: sliceUnit({ frameNumber: 0, order: 0 }, { body: 'as before' }),
};

const still = (frames: number, encoded: number, start = 0): PictureRun => ({
  start,
  frames: asFrames(frames),
  isStill: true,
  encodedFrames: asFrames(encoded),
});
const moving = (frames: number, start = 0): PictureRun => ({
  start,
  frames: asFrames(frames),
  isStill: false,
  encodedFrames: asFrames(frames),
});

async function repeated(units: readonly NalUnit[], runs: readonly PictureRun[]): Promise<CodedPicture[]> {
  const chunks = Readable.from([Buffer.concat(units.map(withStartCode))]);
  const found: CodedPicture[] = [];
  for await (const picture of repeatStills(readPictures(readUnits(chunks)), runs, skipFrames))
    found.push(picture);
  return found;
}

/** "0 1 . 2": encoded pictures as they are shown, "." is a repeated one. All must be numbered as a decoder needs it. */
function told(pictures: readonly CodedPicture[]): string {
  const order = new PictureOrder();
  const words: string[] = [];
  for (const picture of pictures) {
    const body = picture.units.at(-1)?.toString('latin1') ?? '';
    words[order.take(picture)] = /picture (\d+)/.exec(body)?.[1] ?? '.';
  }
  order.end();
  return words.join(' ');
}

const range = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => String(from + index)).join(' ');
const dots = (count: number): string => Array.from({ length: count }, () => '.').join(' ');

describe.each([false, true])('repeated pictures, with B-frames: %s', (hasBFrames) => {
  /** A B-frame is shown behind what is put in where the picture it is coded before is. */
  const at = (frames: number): number => (hasBFrames ? frames - 1 : frames);

  it('stand behind the settling pictures of their run', async () => {
    const runs = [moving(3), still(52, 20, 3), moving(2, 55)];
    expect(insertions(runs)).toEqual([{ at: 3 + 16, frames: 32 }]);
    const found = told(await repeated(encodedUnits(25, { hasBFrames }), runs));
    expect(found).toBe(`${range(0, 19)} ${dots(32)} ${range(19, 25)}`);
  });

  it('stand in every still run, also one after the other', async () => {
    const runs = [still(48, 16), still(40, 24, 48), moving(2, 88)];
    expect(insertions(runs)).toEqual([
      { at: 16, frames: 32 },
      { at: 32, frames: 16 },
    ]);
    const found = told(await repeated(encodedUnits(42, { hasBFrames }), runs));
    const [first, second] = [at(16), at(32)];
    const expected = [range(0, first), dots(32), range(first, second), dots(16), range(second, 42)];
    expect(found).toBe(expected.join(' '));
  });

  it('may be of any number at the end and before a key frame', async () => {
    const runs = [still(21, 16), still(35, 16, 21)];
    const pictures = await repeated(encodedUnits(32, { keyFrames: [16], hasBFrames }), runs);
    expect(told(pictures)).toBe(`${range(0, 16)} ${dots(5)} ${range(16, 32)} ${dots(19)}`);
  });

  it('are none where nothing stands: the stream stays as it is', async () => {
    const units = encodedUnits(40, { keyFrames: [30], hasBFrames });
    const pictures = await repeated(units, [moving(40)]);
    const slices = units.filter((unit) => !parameterUnits.includes(unit));
    expect(pictures.flatMap((picture) => picture.units)).toEqual(slices);
  });

  it('continue the numbers of any part, and make it as long as planned', async () => {
    const any = fc.record({ picture: anyPicture, gop: fc.integer({ min: 33, max: 300 }) });
    await fc.assert(
      fc.asyncProperty(any, async ({ picture, gop }) => {
        const video = { codec: 'h264', preset: 'veryfast', crf: 23, threads: 2 } as const;
        const format = { video: { ...video, gopFrames: asFrames(gop), repeatsStills: true } };
        const runs = pictureRuns(picture, format);
        const encoded = runs.reduce((sum, run) => sum + run.encodedFrames, 0);
        const keyFrames = keyFramePositions(runs, gop);
        const words = told(await repeated(encodedUnits(encoded, { keyFrames, hasBFrames }), runs)).split(' ');
        expect(words).toHaveLength(picture.frames);
        expect(words.filter((word) => word !== '.')).toEqual(range(0, encoded).split(' '));
        // Every picture that is put in repeats one of its own run that has settled, but for two.
        for (const run of runs) {
          const first = words.indexOf('.', run.start);
          if (run.frames > run.encodedFrames) expect(first - run.start).toBeGreaterThanOrEqual(14);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('side information', () => {
  it('stays with its picture', async () => {
    const information = Buffer.from([0x06, 5, 1, 0x80]);
    const [first = information, second = information, ...slices] = encodedUnits(16);
    const pictures = await repeated([first, second, information, ...slices], [still(48, 16)]);
    expect(pictures[0]?.units).toEqual([information, slices[0]]);
    expect(pictures.slice(1).every(({ units }) => units.length === 1)).toBe(true);
    expect(pictures).toHaveLength(48);
  });
});

describe('a stream that cannot be repeated', () => {
  const failure = async (units: readonly NalUnit[], runs: readonly PictureRun[]): Promise<void> => {
    await expect(repeated(units, runs)).rejects.toThrow(UnfitStreamError);
    await repeated(units, runs);
  };
  const runs = [still(48, 16)];

  it('was encoded with other settings', async () => {
    const [sequence = Buffer.alloc(0), picture = Buffer.alloc(0), ...slices] = encodedUnits(16);
    const otherSequence = Buffer.concat([sequence, Buffer.from([1])]);
    const otherPicture = Buffer.from('68ef9fcb', 'hex');
    await expect(failure([otherSequence, picture, ...slices], runs)).rejects.toThrow('other settings');
    await expect(failure([sequence, otherPicture, ...slices], runs)).rejects.toThrow('other settings');
    await expect(failure([picture, ...slices], runs)).rejects.toThrow('settings in pieces');
    await expect(failure(slices, runs)).rejects.toThrow('a picture without settings');
  });

  it('has numbers that do not follow each other', async () => {
    const missing = encodedUnits(16).filter((_, index) => index !== 5);
    await expect(failure(missing, runs)).rejects.toThrow('frame number 4 instead of 3');
    const withoutB = encodedUnits(16, { hasBFrames: true }).filter((_, index) => index !== 4);
    await expect(failure(withoutB, runs)).rejects.toThrow('reference picture 2 is shown at 4');
    const withoutLast = encodedUnits(17, { hasBFrames: true }).slice(0, -1);
    await expect(failure(withoutLast, runs)).rejects.toThrow('pictures missing at the end');
  });

  it('has a key frame less than the plan where only whole cycles fit', async () => {
    // A part of 16 + 5 frames that ends at a key frame: without it the numbers behind do not fit.
    const before = [still(21, 16), moving(4, 21)];
    await expect(failure(encodedUnits(20), before)).rejects.toThrow('a key frame missing');
    const pictures = await repeated(encodedUnits(20, { keyFrames: [16] }), before);
    expect(told(pictures)).toContain('16 17 18 19');
  });

  it('has pictures of several slices', async () => {
    const second = sliceUnit({ frameNumber: 0, order: 0 }, { firstMacroblock: 40 });
    const several = encodedUnits(16)
      .flatMap((unit) => [unit, second])
      .slice(2);
    await expect(failure([...parameterUnits, ...several], runs)).rejects.toThrow('several slices');
  });
});
