// Re-use must be invisible and complete: the same bytes from the cache as from the encoder, and an edit renders what it touches.

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CacheReportEntry, JobView } from '../../contract/job.ts';
import type { MovieInput } from '../../contract/movie.ts';
import { call, type Film, renderFilm, upload } from '../support/film-client.ts';
import { ffmpeg, writeCounterVideo } from '../support/frame-counter.ts';
import { decodeSound } from '../support/packets.ts';

const size = { width: 160, height: 90 };
let folder = '';
let clip = '';
let music = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-cache-'));
  const path = join(folder, 'clip.mp4');
  await writeCounterVideo(join(folder, 'silent.mp4'), { ...size, fps: '30', frames: 90 });
  await ffmpeg([
    '-i',
    join(folder, 'silent.mp4'),
    '-f',
    'lavfi',
    '-i',
    'sine=f=440:d=3',
    '-c:v',
    'copy',
    '-c:a',
    'aac',
    path,
  ]);
  await ffmpeg(['-f', 'lavfi', '-i', 'sine=f=220:d=20', join(folder, 'music.wav')]);
  clip = `asset:${(await upload('clip.mp4', await readFile(path))).assetId}`;
  music = `asset:${(await upload('music.wav', await readFile(join(folder, 'music.wav')))).assetId}`;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Six scenes: two with the clip, four with a title; music over all. `salt` keeps tests apart in the shared cache. */
function movie(
  salt: string,
): MovieInput & { scenes: NonNullable<MovieInput['scenes']>; audio: NonNullable<MovieInput['audio']> } {
  const title = (text: string) => ({
    type: 'text' as const,
    text: `${salt} ${text}`,
    fontSize: 12,
    in: { type: 'fade' as const, duration: 0.2 },
  });
  const scenes = Array.from({ length: 6 }, (_, index) => ({
    id: `s${index}`,
    duration: 0.7 + index * 0.1,
    layers: [
      ...(index % 3 === 0
        ? [{ type: 'video' as const, src: clip, trimStart: 0.5 + index / 10, volume: 0.5 }]
        : []),
      title(`scene ${index}`),
    ],
  }));
  return {
    ...size,
    fps: 30,
    backgroundColor: '#203040',
    scenes,
    audio: [{ src: music, volume: 0.4, duration: 'fill' as const, fadeOut: 1 }],
  };
}

async function sha256(film: Film): Promise<string> {
  return createHash('sha256')
    .update(await readFile(film.path))
    .digest('hex');
}

function missed(job: JobView): CacheReportEntry[] {
  return (job.cacheReport ?? []).filter((entry) => entry.result === 'miss');
}

describe('the scene cache', () => {
  it('gives the same bytes with one scene at a time, with six, from the cache and rendered anew', async () => {
    const document = movie('bytes');
    const first = await renderFilm(document, folder, { renderOptions: { requestedConcurrency: 1 } });
    expect(first.job.children).toMatchObject({ total: 6, succeeded: 6, cached: 0 });
    const second = await renderFilm(document, folder, { renderOptions: { requestedConcurrency: 6 } });
    expect(second.job.children).toMatchObject({ total: 6, succeeded: 6, cached: 6 });
    expect(missed(second.job)).toEqual([]);
    const anew = await renderFilm(document, folder, {
      renderOptions: { requestedConcurrency: 6, cache: 'refresh' },
    });
    expect(anew.job.children).toMatchObject({ cached: 0 });
    expect(missed(anew.job).map((entry) => entry.reason)).toEqual(
      Array.from({ length: 6 }, () => 'cache-off'),
    );
    const hashes = [await sha256(first), await sha256(second), await sha256(anew)];
    expect(new Set(hashes).size).toBe(1);
    expect(first.job.mediaData?.sha256).toBe(hashes[0]);
  });

  it('renders one scene when one title changes, and says which path it was', async () => {
    const document = movie('title');
    await renderFilm(document, folder);
    const changed = structuredClone(document);
    const layer = changed.scenes[4]?.layers[0];
    if (layer?.type !== 'text') throw new Error('no title');
    layer.text = 'another title';
    const { job } = await renderFilm(changed, folder);
    expect(job.children).toMatchObject({ total: 6, cached: 5 });
    expect(missed(job)).toEqual([
      {
        sceneId: 's4',
        sceneIndex: 4,
        result: 'miss',
        reason: 'changed',
        changedPaths: ['movie.scenes[4].layers[0].text'],
      },
    ]);
  });

  it('renders nothing when scenes are moved and renamed, titles and music change', async () => {
    const document = movie('order');
    await renderFilm(document, folder);
    const moved = structuredClone(document);
    moved.title = 'Another name';
    moved.scenes.reverse();
    for (const [index, scene] of moved.scenes.entries()) scene.id = `renamed${index}`;
    moved.audio = [{ src: music, volume: 0.1, duration: 'fill' }];
    const { job } = await renderFilm(moved, folder);
    expect(job.children).toMatchObject({ total: 6, cached: 6 });
  });

  it('renders sound alone when a volume changes', async () => {
    const document = movie('volume');
    document.audio = [];
    const before = await renderFilm(document, folder);
    const louder = structuredClone(document);
    const layer = louder.scenes[0]?.layers[0];
    if (layer?.type !== 'video') throw new Error('no clip');
    layer.volume = 1;
    const after = await renderFilm(louder, folder);
    expect(missed(after.job).map((entry) => entry.changedPaths)).toEqual([
      ['movie.scenes[0].layers[0].volume'],
    ]);
    const plans = await Promise.all(
      [before, after].map(({ job }) =>
        call<{ scenes: { pictureKey: string }[] }>('GET', `/v1/jobs/${job.jobId}/plan`),
      ),
    );
    const [a, b] = plans.map((plan) => plan.body.scenes.map((scene) => scene.pictureKey));
    expect(a).toEqual(b);
    const level = (sound: Float32Array): number =>
      Math.sqrt(sound.slice(4_800, 19_200).reduce((sum, x) => sum + x * x, 0) / 14_400);
    const ratio = level(await decodeSound(after.path)) / level(await decodeSound(before.path));
    expect(Math.abs(ratio - 2)).toBeLessThan(0.05);
  });

  it('renders again what was damaged or lost behind its back, and the film is the same', async () => {
    const document = movie('damage');
    const first = await renderFilm(document, folder);
    const plan = await call<{ scenes: { pictureKey: string; soundKey: string | null }[] }>(
      'GET',
      `/v1/jobs/${first.job.jobId}/plan`,
    );
    const cache = join(inject('stack').home, 'store', 'cache');
    const [flipped, gone] = plan.body.scenes.map(({ pictureKey }) =>
      join(cache, 'scenes', `${pictureKey}.mp4`),
    );
    const sound = plan.body.scenes.find(({ soundKey }) => soundKey !== null)?.soundKey ?? '';
    if (flipped === undefined || gone === undefined) throw new Error('no clips');
    await flipMiddleByte(flipped);
    await flipMiddleByte(join(cache, 'sounds', `${sound}.f32le`));
    await rm(gone);
    // Other music, so that the programme is mixed again and the scenes' sound is read.
    document.audio = [{ src: music, volume: 0.2, duration: 'fill' }];
    const mended = await renderFilm(document, folder);
    const anew = await renderFilm(document, folder, { renderOptions: { cache: 'refresh' } });
    expect(await sha256(mended)).toBe(await sha256(anew));
    expect(missed(mended.job).map(({ sceneId, reason }) => [sceneId, reason])).toEqual([['s1', 'clip-lost']]);
  });
});

async function flipMiddleByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
  await writeFile(path, bytes);
}
