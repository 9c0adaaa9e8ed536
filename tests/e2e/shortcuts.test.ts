// Whatever is not encoded must not be missed: the films of the benchmark with shortcuts and without, over HTTP.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type BenchFilm, films, shortened } from '../../bench/films.ts';
import type { BenchMedia } from '../../bench/media.ts';
import { BenchProject } from '../../bench/stack-films.ts';
import type { MovieInput } from '../../contract/movie.ts';
import type { RenderOptions } from '../../contract/submission.ts';
import { type Stack, startStack } from '../../tools/stack.ts';
import { makeMedia } from '../support/ffmpeg-tools.ts';
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
  media = await makeSmallMedia(folder);
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

/** What the films of the benchmark are made of, at half their size and only as long as four scenes play. */
async function makeSmallMedia(into: string): Promise<BenchMedia> {
  const colors = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '60'];
  const encoded = [...x264, ...colors, '-color_range', 'tv'];
  const from = (source: string): string[] => ['-f', 'lavfi', '-i', source];
  const media = {
    clip: join(into, 'clip.mp4'),
    inset: join(into, 'inset.mp4'),
    photo: join(into, 'photo.png'),
    gradient: join(into, 'gradient.png'),
    music: join(into, 'music.m4a'),
  };
  const tone = (hertz: number): string[] => [...from(`sine=f=${hertz}:d=21:r=48000`), '-c:a', 'aac'];
  await makeMedia(...from('testsrc2=s=960x540:r=30:d=21'), ...tone(330), ...encoded, media.clip);
  await makeMedia(...from('testsrc2=s=640x360:r=30:d=9'), ...encoded, media.inset);
  await makeMedia(
    ...from('mandelbrot=s=1200x675:start_scale=0.02,gblur=sigma=5'),
    ...['-frames:v', '1', media.photo],
  );
  const ends = 'c0=0x102040:c1=0x804060:x0=0:y0=0:x1=959:y1=539';
  await makeMedia(...from(`gradients=s=960x540:${ends}:seed=1`), '-frames:v', '1', media.gradient);
  await makeMedia(...tone(220), media.music);
  return media;
}

/** A film of the benchmark at half its size: what it shows of shortcuts is the same, for a quarter of the work. */
function halved(film: BenchFilm): BenchFilm {
  return {
    ...film,
    movie: (assets, changes) => {
      const movie = film.movie(assets, changes);
      const scenes = movie.scenes.map((scene) => ({ ...scene, layers: scene.layers.map(halvedLayer) }));
      return { ...movie, width: 960, height: 540, scenes };
    },
  };
}

type Layer = MovieInput['scenes'][number]['layers'][number];

const lengths = new Set(['x', 'y', 'width', 'height', 'fontSize']);

function halvedLayer(layer: Layer): Layer {
  const properties = Object.entries(layer).map(([name, value]: [string, unknown]) => [
    name,
    lengths.has(name) && typeof value === 'number' ? value / 2 : value,
  ]);
  // Every property is of the type that it was.
  return Object.fromEntries(properties) as Layer;
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

describe.each(films.map((film) => halved(shortened(film, sceneCount))))('film $name ($about)', (film) => {
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
