import { describe, expect, it } from 'vitest';
import { numbersAfter, readNumbering, readSliceHeader, withNumbers } from '../../../ffmpeg/slice-header.ts';
import { numbering, parameterUnits, sliceUnit } from '../../support/coded-pictures.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const [sequence = hex('')] = parameterUnits;

describe('how many bits numbers have', () => {
  it('is read from what x264 writes, with one B-frame, with three, and without losses', () => {
    expect(readNumbering(sequence)).toEqual(numbering);
    const three = hex('6764000aacd311fe7c05a808080a000003000200000300781e244a70');
    expect(readNumbering(three)).toEqual({ frameNumberBits: 4, orderBits: 5 });
    const lossless = hex('67f4000aaeb423fcf80b50101014000003000400000300f03c489a80');
    expect(readNumbering(lossless)).toEqual({ frameNumberBits: 4, orderBits: 0 });
  });
});

describe('the header of a slice', () => {
  it('is read from what x264 writes', () => {
    const read = (text: string) => readSliceHeader(hex(text), numbering);
    const known = { firstMacroblock: 0 };
    expect(read('658884019fcc')).toEqual({
      ...known,
      isKey: true,
      isReference: true,
      frameNumber: 0,
      order: 0,
    });
    const picture = { ...known, isKey: false };
    expect(read('419a286210ff')).toEqual({ ...picture, isReference: true, frameNumber: 1, order: 4 });
    expect(read('019e4510b77b')).toEqual({ ...picture, isReference: false, frameNumber: 2, order: 2 });
  });

  it('has its numbers behind three others of any length', () => {
    for (let frameNumber = 0; frameNumber < 16; frameNumber += 1) {
      for (const sliceType of [0, 2, 5, 7]) {
        for (const parameterSet of [0, 1, 200]) {
          const numbers = { frameNumber, order: (frameNumber * 6) % 16 };
          expect(readSliceHeader(sliceUnit(numbers, { sliceType, parameterSet }), numbering)).toMatchObject(
            numbers,
          );
        }
      }
    }
  });

  it('tells whether the slice begins its picture', () => {
    for (const firstMacroblock of [0, 1, 2, 3600, 70_000]) {
      const slice = sliceUnit({ frameNumber: 5, order: 2 }, { firstMacroblock });
      expect(readSliceHeader(slice, numbering).firstMacroblock).toBe(firstMacroblock);
    }
  });

  it('cannot be read from a slice that is cut off or no slice at all', () => {
    const read =
      (...bytes: number[]) =>
      () =>
        readSliceHeader(Buffer.from(bytes), numbering);
    expect(read(0x41)).toThrow('ends within its header');
    expect(read(0x41, 0x9a)).toThrow('ends within its header');
    expect(read(0x41, 0, 0, 0, 0, 0)).toThrow('cannot be read');
  });
});

describe('a picture under other numbers', () => {
  it('says these, and is else the same', () => {
    const slice = sliceUnit({ frameNumber: 3, order: 6 });
    for (let frameNumber = 0; frameNumber < 16; frameNumber += 1) {
      for (let order = 0; order < 16; order += 2) {
        const other = withNumbers(slice, { frameNumber, order }, numbering);
        expect(readSliceHeader(other, numbering)).toMatchObject({ frameNumber, order, isReference: true });
        expect(withNumbers(other, { frameNumber: 3, order: 6 }, numbering)).toEqual(slice);
      }
    }
  });

  it('never looks like a start code: bytes are put in and taken out', () => {
    // Behind the type: 1 00110 1, four bits and four bits, then zeros.
    const slice = hex('419bfe0000030180');
    const zero = withNumbers(slice, { frameNumber: 0, order: 0 }, numbering);
    expect(zero.toString('hex')).toBe('419a000003000180');
    expect(withNumbers(zero, { frameNumber: 15, order: 15 }, numbering)).toEqual(slice);
  });
});

describe('numbers so many pictures later', () => {
  it('go round', () => {
    const first = { frameNumber: 14, order: 12 };
    expect(numbersAfter(first, 1, numbering)).toEqual({ frameNumber: 15, order: 14 });
    expect(numbersAfter(first, 2, numbering)).toEqual({ frameNumber: 0, order: 0 });
    expect(numbersAfter(first, 16, numbering)).toEqual(first);
    expect(numbersAfter(first, 3, { frameNumberBits: 4, orderBits: 0 })).toEqual({
      frameNumber: 1,
      order: 0,
    });
  });
});
