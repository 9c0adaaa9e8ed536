import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isSlice, nalType, readUnits, withStartCode } from '../../../ffmpeg/h264-units.ts';

const short = [0, 0, 1];
const long = [0, 0, 0, 1];
/** Units with zeros within, as emulation prevention leaves them, and one of a single byte. */
const units = [[0x67, 0, 0, 3, 1, 0x80], [0x68], [0x65, 0, 0, 3, 0, 0xff, 0], [0x41, 0x9a, 0, 3]];
/** The third ends in a zero that a coder would not leave; the stream's reader takes it for a part of the start code. */
const read = [[0x67, 0, 0, 3, 1, 0x80], [0x68], [0x65, 0, 0, 3, 0, 0xff], [0x41, 0x9a, 0, 3]];

async function readAll(bytes: readonly number[], chunkBytes: number): Promise<number[][]> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    Buffer.from(bytes.slice(index * chunkBytes, (index + 1) * chunkBytes)),
  );
  return collect(Readable.from(chunks));
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<number[][]> {
  const found: number[][] = [];
  for await (const unit of readUnits(chunks)) found.push([...unit]);
  return found;
}

const streams: Record<string, number[]> = {
  'start codes of three bytes': units.flatMap((unit) => [...short, ...unit]),
  'start codes of four bytes': units.flatMap((unit) => [...long, ...unit]),
  'both in turn': units.flatMap((unit, index) => [...(index % 2 === 0 ? long : short), ...unit]),
  'zeros before, between and behind': [
    0,
    0,
    ...units.flatMap((unit) => [0, 0, 0, ...long, ...unit, 0, 0, 0, 0, 0]),
  ],
};

describe('the units of a stream', () => {
  it.each(Object.entries(streams))('are found with %s, in chunks of every size', async (_, bytes) => {
    for (let chunkBytes = 1; chunkBytes <= bytes.length; chunkBytes += 1) {
      expect(await readAll(bytes, chunkBytes), `chunks of ${chunkBytes}`).toEqual(read);
    }
  });

  it('are read from chunks of which some are empty', async () => {
    const bytes = Buffer.from([...long, 0x68, 1]);
    const chunks = [
      Buffer.alloc(0),
      bytes.subarray(0, 3),
      Buffer.alloc(0),
      bytes.subarray(3),
      Buffer.alloc(0),
    ];
    expect(await collect(Readable.from(chunks))).toEqual([[0x68, 1]]);
  });

  it('are none in an empty stream, nor before the first start code', async () => {
    expect(await readAll([], 1)).toEqual([]);
    expect(await readAll([1, 2, 3, ...short, 0x68], 2)).toEqual([[0x68]]);
  });

  it('come out one by one, as soon as the next begins', async () => {
    let asked = 0;
    function* endless(): Generator<Buffer> {
      for (;;) {
        asked += 1;
        yield Buffer.from([...short, 0x41, asked & 0x7f]);
      }
    }
    const found: number[] = [];
    for await (const unit of readUnits(Readable.from(endless(), { highWaterMark: 1 }))) {
      found.push(unit[1] ?? 0);
      if (found.length === 3) break;
    }
    expect(found).toEqual([1, 2, 3]);
    // The one that is read ahead comes on top.
    expect(asked).toBeLessThanOrEqual(5);
  });

  it('are refused where one is larger than any picture', async () => {
    const megabytes = Array.from({ length: 65 }, () => Buffer.alloc(1024 * 1024, 7));
    const read = collect(Readable.from([Buffer.from([...short, 0x65]), ...megabytes]));
    await expect(read).rejects.toThrow('larger than any picture');
  });

  it('written again are the stream', async () => {
    const written = read.flatMap((unit) => [...withStartCode(Buffer.from(unit))]);
    expect(written).toEqual(read.flatMap((unit) => [...long, ...unit]));
    expect(await readAll(written, 5)).toEqual(read);
  });
});

describe('a unit', () => {
  it('tells its type by five bits', () => {
    expect([0x67, 0x68, 0x65, 0x41, 0x21, 0x06].map((first) => nalType(Buffer.from([first])))).toEqual([
      7, 8, 5, 1, 1, 6,
    ]);
  });

  it('is a picture where it is a slice of either kind', () => {
    const isPicture = (first: number): boolean => isSlice(Buffer.from([first, 0x88]));
    expect([0x65, 0x41, 0x61, 0x67, 0x68, 0x06, 0x09].map(isPicture)).toEqual([
      ...[true, true, true, false, false, false, false],
    ]);
  });
});
