import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPictures } from '../../../ffmpeg/coded-pictures.ts';
import { type NalUnit, readUnits, withStartCode } from '../../../ffmpeg/h264-units.ts';
import { writeClip } from '../../../ffmpeg/write-clip.ts';
import { encodedUnits, parameterUnits, sliceUnit } from '../../support/coded-pictures.ts';

let dir: string;
let count = 0;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'scenemill-clip-'));
});
afterAll(() => rm(dir, { recursive: true }));

const format = { width: 64, height: 36, fps: { num: 30, den: 1 } };

async function written(
  units: readonly NalUnit[],
): Promise<{ readonly frames: number; readonly bytes: Buffer }> {
  count += 1;
  const path = join(dir, `${count}.mp4`);
  const pictures = readPictures(readUnits(Readable.from([Buffer.concat(units.map(withStartCode))])));
  const frames = await writeClip(pictures, { path, format });
  return { frames, bytes: await readFile(path) };
}

/** The contents of the first box of a type, behind its version and flags. */
function table(bytes: Buffer, type: string): number[] {
  const at = bytes.indexOf(Buffer.from(type, 'latin1'));
  const contents = bytes.subarray(at + 8, at - 4 + bytes.readUInt32BE(at - 4));
  return Array.from({ length: contents.length / 4 }, (_, index) => contents.readUInt32BE(4 * index));
}

// FFprobe's word on such files: tests/render/verify.test.ts and join.test.ts.
describe('a clip', () => {
  it('has every picture at its place: coded one frame before it may be shown', async () => {
    const { frames, bytes } = await written(encodedUnits(7, { hasBFrames: true, keyFrames: [5] }));
    expect(frames).toBe(7);
    expect(table(bytes, 'stts')).toEqual([1, 7, 1000]);
    // I P B P B, and a key frame with a P behind it: 1, 2, 0, 2, 0, 1, 1 frames from decoding to showing.
    const runs = [1, 1000, 1, 2000, 1, 0, 1, 2000, 1, 0, 2, 1000];
    expect(table(bytes, 'ctts')).toEqual([runs.length / 2, ...runs]);
    expect(table(bytes, 'stss')).toEqual([2, 1, 6]);
    expect(table(bytes, 'elst')).toEqual([1, 7000, 1000, 0x10000]);
  });

  it('begins one frame before its first picture also where it has no other', async () => {
    const { bytes } = await written(encodedUnits(1));
    expect(table(bytes, 'ctts')).toEqual([1, 1, 1000]);
    expect(table(bytes, 'elst')).toEqual([1, 1000, 1000, 0x10000]);
  });

  it('holds the units one after the other, each behind its length, and no settings among them', async () => {
    const units = encodedUnits(3, { hasBFrames: true });
    const { bytes } = await written(units);
    const slices = units.filter((unit) => !parameterUnits.includes(unit));
    const [offset = 0] = table(bytes, 'stco').slice(1);
    let at = offset;
    for (const slice of slices) {
      expect(bytes.readUInt32BE(at)).toBe(slice.length);
      expect(bytes.subarray(at + 4, at + 4 + slice.length).equals(slice)).toBe(true);
      at += 4 + slice.length;
    }
    expect(bytes.subarray(at + 4, at + 8).toString('latin1')).toBe('moov');
    expect(table(bytes, 'stsz')).toEqual([0, 3, ...slices.map(({ length }) => length + 4)]);
  });

  it('is refused where settings change, a picture is missing or there twice', async () => {
    const [, , ...slices] = encodedUnits(4);
    const other = [...parameterUnits.slice(0, 1), Buffer.from('68ef9fcb', 'hex')];
    const changed = [...encodedUnits(2), ...other, ...slices];
    await expect(written(changed)).rejects.toThrow('settings that change');
    const twice = encodedUnits(4).flatMap((unit, index) => (index === 4 ? [unit, unit] : [unit]));
    await expect(written(twice)).rejects.toThrow('frame number 2 instead of 3');
    const early = sliceUnit({ frameNumber: 3, order: 2 }, { isReference: false });
    await expect(written([...encodedUnits(3), early])).rejects.toThrow('picture 3 is shown at 1');
  });
});
