// Whatever is not encoded must not be missed: the films of the benchmark with shortcuts and without, over HTTP.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type BenchFilm, films, shortened } from '../../bench/films.ts';
import { type BenchMedia, provideMedia } from '../../bench/media.ts';
import { BenchProject } from '../../bench/stack-films.ts';
import type { RenderOptions } from '../../contract/submission.ts';
import { type Stack, startStack } from '../../tools/stack.ts';
import { makeMedia, testTools } from '../support/ffmpeg-tools.ts';
import { ffmpeg } from '../support/frame-counter.ts';
import { pictureTimes } from '../support/packets.ts';
import { frameLikeness } from '../support/picture-likeness.ts';

const sceneCount = 4;
const frames = sceneCount * 5 * 30;

let folder = '';
let media: BenchMedia;
let everyFrame: Stack;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-shortcuts-'));
  await makeShortMedia(folder);
  media = await provideMedia(folder, testTools.ffmpegPath);
  everyFrame = await startStack({
    isDisposable: true,
    ports: { api: 0, temporal: 0, temporalUi: 0, postgres: 0 },
    workers: { processes: 1, concurrency: 2 },
    // Parts as long as those of the stack that all tests share.
    environment: { REPEAT_STILLS: 'off', PART_SECONDS_MAX: '4' },
  });
}, 300_000);
afterAll(async () => {
  await everyFrame.stop();
  await rm(folder, { recursive: true, force: true });
});

/** As much as four scenes play, and without grain; `provideMedia` makes what is missing. */
async function makeShortMedia(into: string): Promise<void> {
  const colors = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '60'];
  const video = [...x264, ...colors, '-color_range', 'tv'];
  const tone = (hertz: number): string[] => [
    '-f',
    'lavfi',
    '-i',
    `sine=f=${hertz}:d=21:r=48000`,
    '-c:a',
    'aac',
  ];
  const pictures = (size: string, seconds: number): string[] => [
    ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=30:d=${seconds}`],
  ];
  await makeMedia(...pictures('1920x1080', 21), ...tone(330), ...video, join(into, 'clip.mp4'));
  await makeMedia(...pictures('1280x720', 9), ...video, join(into, 'inset.mp4'));
  await makeMedia(...tone(220), join(into, 'music.m4a'));
}

/** In a project of its own, so that nothing is found in the cache. */
async function render(
  stack: Pick<Stack, 'apiUrl' | 'apiKey'>,
  film: BenchFilm,
  options: Partial<RenderOptions> = {},
): Promise<string> {
  const project = await BenchProject.create(stack, media);
  const done = await project.render(film.movie(project.assets), options);
  return project.download(done, folder);
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** The encoded sound as it lies in the file. */
async function soundHash(path: string): Promise<string> {
  const copied = ['-map', '0:a', '-c', 'copy', '-hash', 'md5', '-f', 'hash', 'pipe:1'];
  return (await ffmpeg(['-i', path, ...copied])).toString();
}

describe.each(films.map((film) => shortened(film, sceneCount)))('film $name ($about)', (film) => {
  it('looks and sounds the same, however it is made', async () => {
    const shared = inject('stack');
    const usual = await render(shared, film);
    const every = await render(everyFrame, film);

    const times = await pictureTimes(usual);
    expect(times.ticks).toHaveLength(frames);
    expect(times).toEqual(await pictureTimes(every));
    expect(await soundHash(usual)).toBe(await soundHash(every));
    await compareOf[film.kind](usual, every);

    const oneByOne = await render(shared, film, { requestedConcurrency: 1 });
    expect(await sha256(oneByOne)).toBe(await sha256(usual));
  });
});

/** Something always moves: every frame is encoded in both films. */
async function expectEqual(usual: string, every: string): Promise<void> {
  expect(await sha256(usual)).toBe(await sha256(every));
}

async function expectAlike(usual: string, every: string): Promise<void> {
  // Without any shortcut taken nothing would be shown here.
  expect(await sha256(usual)).not.toBe(await sha256(every));
  const likeness = await frameLikeness(usual, every);
  expect(likeness).toHaveLength(frames);
  expect(Math.min(...likeness)).toBeGreaterThanOrEqual(0.99);
}

/** Only the titles of film B stand still on what stands still. */
const compareOf: Record<BenchFilm['kind'], typeof expectEqual> = {
  A: expectEqual,
  B: expectAlike,
  C: expectEqual,
};
