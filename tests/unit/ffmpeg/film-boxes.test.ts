import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { box, full, u32, zeros } from '../../../ffmpeg/box-bytes.ts';
import { CopiedData } from '../../../ffmpeg/copied-data.ts';
import { filmHead } from '../../../ffmpeg/film-boxes.ts';
import { filmTrack } from '../../../ffmpeg/film-track.ts';
import { boxAt, readMovieBox } from '../../../ffmpeg/read-boxes.ts';
import { readTrackIndex, type TrackForm, type TrackIndex } from '../../../ffmpeg/track-index.ts';

const form: TrackForm = {
  timescale: 30_000,
  lead: 1000,
  presentation: zeros(60),
  language: zeros(4),
  handler: box('hdlr'),
  mediaHeader: box('vmhd'),
  dataReference: box('dinf'),
  description: full('stsd', u32(0)),
  groups: [],
};

/** Samples of equal size that lie one behind the other from byte 48 on, each shown one frame after it is decoded. */
function samples(count: number, { bytes = 10, ticks = 1000 } = {}): TrackIndex {
  const each = Array.from({ length: count }, (_, sample) => sample);
  return {
    form,
    sizes: each.map(() => bytes),
    positions: each.map((sample) => 48 + sample * bytes),
    durations: [{ count, value: ticks }],
    delays: [{ count, value: ticks }],
    keys: [0],
  };
}

function layOut(index: TrackIndex): { readonly head: Buffer; readonly index: TrackIndex } {
  const track = filmTrack([{ path: 'clip.mp4', index }]);
  const chunks = track.chunks.map((chunk) => ({ track, chunk }));
  return { head: filmHead({ tracks: [track], chunks, timescale: 30_000 }), index };
}

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'scenemill-film-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** The index of a film whose media data are not written: a file with a hole. */
async function readBack({ head, index }: ReturnType<typeof layOut>): Promise<TrackIndex> {
  const path = join(dir, 'film.mp4');
  await writeFile(path, head);
  const file = await open(path, 'r+');
  try {
    await file.truncate(head.length + index.sizes.reduce((sum, bytes) => sum + bytes, 0));
    return await readTrackIndex(file);
  } finally {
    await file.close();
  }
}

describe("a film's index", () => {
  it('reads back as it was laid out, behind its own head', async () => {
    const film = layOut(samples(40));
    const found = await readBack(film);
    expect(found).toMatchObject({ sizes: film.index.sizes, durations: film.index.durations, keys: [0] });
    expect(found.positions).toEqual(film.index.sizes.map((_, sample) => film.head.length + sample * 10));
  });

  it('has positions of 64 bits only where 32 are not enough', async () => {
    const gigabyte = 1_000_000_000;
    const small = layOut(samples(4, { bytes: gigabyte }));
    expect(small.head.includes('co64')).toBe(false);
    const large = layOut(samples(60, { bytes: gigabyte }));
    expect(large.head.includes('co64')).toBe(true);
    const found = await readBack(large);
    expect(found.positions.at(-1)).toBe(large.head.length + 59 * gigabyte);
  });

  it('has times of 64 bits where it lasts longer than 32 can say', async () => {
    const [short, long] = [1_000_000_000, 2_000_000_000].map((ticks) => layOut(samples(3, { ticks })));
    const movie = async (film: typeof short) => {
      if (film === undefined) throw new Error('no film');
      await readBack(film);
      const file = await open(join(dir, 'film.mp4'));
      return readMovieBox(file).finally(() => file.close());
    };
    const version = (contents: Buffer, ...path: string[]) => boxAt(contents, ...path).contents[0];
    const [before, after] = [await movie(short), await movie(long)];
    for (const path of [['mvhd'], ['trak', 'tkhd'], ['trak', 'mdia', 'mdhd'], ['trak', 'edts', 'elst']]) {
      expect(version(before, ...path), path.join()).toBe(0);
      expect(version(after, ...path), path.join()).toBe(1);
    }
    expect(Number(boxAt(after, 'trak', 'mdia', 'mdhd').contents.readBigUInt64BE(24))).toBe(6_000_000_000);
  });
});

describe('a track of several files', () => {
  it('counts keys on, and keeps what follows in a file in one piece', () => {
    const [first, second] = ['a.mp4', 'b.mp4'].map((path) => ({ path, index: samples(20) }));
    if (first === undefined || second === undefined) throw new Error('no files');
    const track = filmTrack([first, second]);
    expect(track.keys).toEqual([0, 20]);
    expect(track.durations).toEqual([{ count: 40, value: 1000 }]);
    // Half a second is 15 samples: 15, then 5 of the first and 10 of the second, then 10.
    expect(track.chunks.map(({ pieces }) => pieces)).toEqual([
      [{ path: 'a.mp4', position: 48, bytes: 150 }],
      [
        { path: 'a.mp4', position: 198, bytes: 50 },
        { path: 'b.mp4', position: 48, bytes: 100 },
      ],
      [{ path: 'b.mp4', position: 148, bytes: 100 }],
    ]);
  });
});

describe('copied data', () => {
  it('come through a buffer that is smaller than they are, and end with the file they come from', async () => {
    const bytes = Buffer.alloc(2_500_000, 'scenemill');
    const [from, to] = [join(dir, 'from'), join(dir, 'to')];
    await writeFile(from, bytes);
    const file = await open(to, 'w+');
    const data = new CopiedData(file, 3);
    await data.copy({ path: from, position: 1, bytes: 2_400_000 }, data);
    await data.copy({ path: from, position: 0, bytes: 5 }, data);
    await data.flush();
    await expect(data.copy({ path: from, position: 2_499_000, bytes: 1001 }, data)).rejects.toThrow(
      'from ends before its samples do',
    );
    await data.close();
    const written = await file.readFile();
    await file.close();
    expect(written.length).toBe(3 + 2_400_005);
    expect(written.subarray(3, 2_400_003).equals(bytes.subarray(1, 2_400_001))).toBe(true);
    expect(written.subarray(-5).toString()).toBe('scene');
  });
});
