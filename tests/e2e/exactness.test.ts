// Splitting must be invisible: one source with numbered frames and a click at known frames is cut into many scenes that
// follow each other; the film must be the source again, frame for frame and click for click.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asset } from '../../contract/asset.ts';
import type { MovieInput } from '../../contract/movie.ts';
import { renderFilm, upload } from '../support/film-client.ts';
import { ffmpeg, readCounters, writeCounterVideo } from '../support/frame-counter.ts';
import { decodeSound, findClicks, pictureTimes } from '../support/packets.ts';

const size = { width: 64, height: 64 };
const sampleRate = 48_000;
type Rate = { readonly fps: number | string; readonly num: number; readonly den: number };
const rates: readonly Rate[] = [
  { fps: 30, num: 30, den: 1 },
  { fps: 25, num: 25, den: 1 },
  { fps: 60, num: 60, den: 1 },
  { fps: 7, num: 7, den: 1 },
  { fps: '30000/1001', num: 30_000, den: 1001 },
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-exact-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Odd lengths, none a round number of anything. */
function sceneLengths(count: number): number[] {
  return Array.from({ length: count }, (_, index) => 1 + ((index * 7 + 3) % 11));
}

/** Samples from the start of a burst of 2 ms to its middle. */
const burstCentre = 48;

/** A click (a short burst) begins on the first sample of every `every`th frame. */
function clickFrames(frames: number, every: number): number[] {
  return Array.from({ length: Math.floor((frames - 1) / every) + 1 }, (_, index) => index * every);
}

async function makeSource(rate: Rate, frames: number, every: number): Promise<Asset> {
  const name = `source-${rate.num}-${frames}`;
  const video = join(folder, `${name}.video.mp4`);
  const path = join(folder, `${name}.mov`);
  await writeCounterVideo(video, { ...size, fps: `${rate.num}/${rate.den}`, frames });
  const period = (every * rate.den) / rate.num;
  const burst = `if(lt(mod(t+0.000001\\,${period})\\,0.002)\\,0.9*cos(2*PI*3000*mod(t\\,${period}))\\,0)`;
  const seconds = (frames * rate.den) / rate.num;
  await ffmpeg([
    ...['-i', video, '-f', 'lavfi', '-i', `aevalsrc='${burst}':s=${sampleRate}:d=${seconds}`],
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'pcm_s16le', path],
  ]);
  return upload(`${name}.mov`, await readFile(path));
}

function cutIntoScenes(asset: Asset, rate: Rate, lengths: readonly number[]): MovieInput {
  let frame = 0;
  const scenes = lengths.map((length, index) => {
    const scene = {
      id: `scene_${index}`,
      duration: (length * rate.den) / rate.num,
      layers: [
        {
          type: 'video' as const,
          src: `asset:${asset.assetId}`,
          trimStart: (frame * rate.den) / rate.num,
          duration: 'fill' as const,
        },
      ],
    };
    frame += length;
    return scene;
  });
  return { ...size, fps: rate.fps, scenes };
}

const films = [3, 40, 120].flatMap((count) =>
  rates.map((rate) => ({ count, rate, label: `${count} scenes at ${rate.fps}` })),
);

describe.each(films)('a film of $label', ({ count, rate }) => {
  it('is the source again: frames, times, sound', async () => {
    const lengths = sceneLengths(count);
    const frames = lengths.reduce((sum, length) => sum + length, 0);
    const every = Math.max(5, Math.ceil(rate.num / rate.den / 3));
    const asset = await makeSource(rate, frames + 20, every);
    const film = await renderFilm(cutIntoScenes(asset, rate, lengths), folder);

    const shown = await readCounters(film.path, size);
    expect(shown).toEqual(Array.from({ length: frames }, (_, index) => index));

    const { ticks, timeBase } = await pictureTimes(film.path);
    const step = (rate.den * timeBase[1]) / (rate.num * timeBase[0]);
    expect(ticks).toEqual(Array.from({ length: frames }, (_, index) => index * step));

    const sound = await decodeSound(film.path);
    const samples = Math.round((frames * sampleRate * rate.den) / rate.num);
    expect(sound.length).toBeGreaterThanOrEqual(samples);
    expect(sound.length - samples).toBeLessThan(1024 + 1);

    const expected = clickFrames(frames, every).map(
      (frame) => (frame * sampleRate * rate.den) / rate.num + burstCentre,
    );
    const clicks = findClicks(sound, 0.4, sampleRate / 20);
    expect(clicks).toHaveLength(expected.length);
    const drifts = clicks.map((click, index) => ((click - (expected[index] ?? 0)) / sampleRate) * 1000);
    for (const milliseconds of drifts) expect(Math.abs(milliseconds)).toBeLessThan(1);
  });
});
