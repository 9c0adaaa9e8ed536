// Scenes with two B-frames in a row must join with those that have one: under the same settings, and no picture another.
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodedPicture, PictureOrder, readPictures } from '../../ffmpeg/coded-pictures.ts';
import { type BFrames, encoderOptions, streamOptions } from '../../ffmpeg/encoder-options.ts';
import { readUnits, withStartCode } from '../../ffmpeg/h264-units.ts';
import { narrowOrder } from '../../ffmpeg/narrow-order.ts';
import { asFrames } from '../../plan-compiler/frame-time.ts';
import { decodeMedia, makeFolder, makeMedia, type TestFolder } from '../support/ffmpeg-tools.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

type Film = { readonly source: string; readonly frames: number; readonly crf?: number };

const moving = 'testsrc2=s=320x180:r=30';
const films: Record<string, Film> = {
  'a test picture': { source: moving, frames: 60 },
  'a slow zoom': {
    source: "mandelbrot=s=640x360:r=30,zoompan=z='1+0.002*on':d=1:s=320x180:fps=30",
    frames: 50,
  },
  'fades of the whole picture, which have weights': {
    source: `${moving},fade=in:0:20,fade=out:40:20:color=white`,
    frames: 60,
  },
  noise: { source: 'nullsrc=s=160x90:r=30,noise=alls=100:allf=t', frames: 20 },
  'cuts, which have key frames': {
    source: `${moving},hue=H='2*floor(t*3)':s='mod(floor(t*3),2)*3',negate=enable='lt(mod(t,0.7),0.3)'`,
    frames: 60,
  },
  'the best quality with losses': { source: moving, frames: 30, crf: 1 },
  'the worst quality': { source: moving, frames: 30, crf: 51 },
  'one frame': { source: moving, frames: 1 },
  'two frames': { source: moving, frames: 2 },
  'three frames': { source: moving, frames: 3 },
  'five frames': { source: moving, frames: 5 },
};

const name = (film: Film, bFrames: BFrames): string =>
  folder.path(`${Object.values(films).indexOf(film)}-${bFrames}.264`);

async function encode(film: Film, bFrames: BFrames): Promise<string> {
  const path = name(film, bFrames);
  const usual = { codec: 'h264', preset: 'veryfast', threads: 2, repeatsStills: true } as const;
  const video = { ...usual, crf: film.crf ?? 23, gopFrames: asFrames(24) };
  await makeMedia(
    ...['-f', 'lavfi', '-i', film.source, '-frames:v', String(film.frames)],
    ...encoderOptions({ video }, bFrames),
    ...[...streamOptions, path],
  );
  return path;
}

async function collect(pictures: AsyncIterable<CodedPicture>): Promise<readonly CodedPicture[]> {
  const found: CodedPicture[] = [];
  for await (const picture of pictures) found.push(picture);
  return found;
}

const read = (path: string): AsyncGenerator<CodedPicture> => readPictures(readUnits(createReadStream(path)));

const decode = (path: string): Promise<Buffer> => decodeMedia('-xerror', '-i', path, '-f', 'framemd5');

describe('two B-frames in a row', () => {
  it.each(Object.entries(films))('of %s pass under the settings of one', async (_, film) => {
    const path = await encode(film, 2);
    const wide = await collect(read(path));
    expect(wide[0]?.settings.numbering.orderBits).toBe(5);
    const narrow = await collect(narrowOrder(read(path)));

    const [plain] = await collect(read(await encode(film, 1)));
    for (const { settings } of narrow) expect(settings).toEqual(plain?.settings);
    const order = new PictureOrder();
    const places = narrow.map((picture) => order.take(picture));
    order.end();
    expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: film.frames }, (__, at) => at));

    const sets = narrow[0]?.settings.parameterSets ?? [];
    const units = [...sets, ...narrow.flatMap((picture) => picture.units)];
    const narrowPath = folder.path('narrow.264');
    await writeFile(narrowPath, Buffer.concat(units.map(withStartCode)));
    const pictures = await decode(narrowPath);
    expect(pictures.toString()).toBe((await decode(path)).toString());
    expect(pictures.toString().match(/^0,/gm)).toHaveLength(film.frames);
  });

  it('stand in a row where there are enough frames', async () => {
    const film = films['a slow zoom'];
    if (film === undefined) throw new Error('There is no such film.');
    const kinds = (await collect(read(await encode(film, 2)))).map(({ header }) =>
      header.isReference ? 'P' : 'B',
    );
    expect(kinds.slice(0, 7).join('')).toBe('PPBBPBB');
  });

  it('are not looked for where there is one at most', async () => {
    const film = films['a test picture'];
    if (film === undefined) throw new Error('There is no such film.');
    const path = await encode(film, 1);
    expect(await collect(narrowOrder(read(path)))).toEqual(await collect(read(path)));
  });
});
