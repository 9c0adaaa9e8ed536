// A scratch disk that is full, for real: whatever is written to it is refused.
import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { chooseFfmpeg } from '../../tools/ffmpeg-choice.ts';
import { expectDone, expectEmptyScratch } from './aftermath.ts';
import { fault } from './case.ts';
import { encodes, type TinyFilm, tinyFilm } from './films.ts';
import { makeHome, removeHome } from './home.ts';
import { untilRefused } from './refusals.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { upload } from './upload.ts';
import { until, untilEnded } from './wait.ts';
import { openWorld, type World } from './world.ts';

let home: string;
let disk: SmallDisk;
let world: World;
let noise: string;
beforeAll(async () => {
  home = await makeHome();
  disk = await mountSmallDisk(join(home, 'scratch'), 64);
  world = await openWorld({ RENDER_SCRATCH_DIR: disk.path });
  noise = await upload(world, 'noise.mp4', await makeNoise(join(home, 'noise.mp4')));
});
afterAll(async () => {
  await world.end();
  await disk.unmount();
  await removeHome(home);
});
afterEach(async () => {
  await disk.relieve();
  world.proxy.clear();
  await world.encoder.clear();
});

describe('a scratch disk that is full', () => {
  fault('F15a', 'while a source is fetched: said by name, and done once there is room', async () => {
    const movie = noisyFilm(31);
    await forgetSources();
    await disk.fill(500_000);
    const jobId = await expectFull(movie, 31);
    expect(await world.encoder.taken()).toBe(0);
    await disk.relieve();
    await expectDone(world, jobId, movie);
  });

  fault('F15b', 'while a scene is encoded: said by name, and done once there is room', async () => {
    const movie = noisyFilm(32);
    // Room for what is drawn, but not for what is encoded, some 600 KB.
    await disk.fill(100_000);
    const jobId = await expectFull(movie, 32);
    expect(await world.encoder.taken()).toBeGreaterThan(0);
    await disk.relieve();
    await expectDone(world, jobId, movie);
  });

  fault('F15c', 'while the film is put together: its scenes are not rendered again', async () => {
    const movie = noisyFilm(33);
    const held = world.proxy.inject({
      fault: { kind: 'slow', ms: 10_000 },
      match: /^GET \/scenemill\/intermediates\/.*scene_0\.mp4/,
      times: 1,
    });
    const filling = until(() => Promise.resolve(held.hits() > 0), 'the joining', 60_000).then(() =>
      disk.fill(0),
    );
    const jobId = await expectFull(movie, 33);
    await filling;
    const before = await world.encoder.taken();
    await disk.relieve();
    await untilEnded(world, jobId);
    expect(await world.encoder.taken()).toBe(before);
    await expectDone(world, jobId, movie);
  });
});

/** Refused for want of room and to be tried again, with nothing left behind meanwhile. */
async function expectFull(movie: TinyFilm, frames: number): Promise<string> {
  await world.encoder.order({ match: encodes(frames), misdeed: 'slow 0' });
  const jobId = await world.submit(movie);
  await untilRefused(world, jobId, /^SCRATCH_FULL: .*no space left/);
  await expectEmptyScratch(world);
  return jobId;
}

async function forgetSources(): Promise<void> {
  const folder = join(disk.path, 'sources');
  for (const name of await readdir(folder)) await rm(join(folder, name));
}

/** One scene that cannot be made small by any encoder, with nothing over it but a text. */
function noisyFilm(frames: number): TinyFilm {
  const film = tinyFilm(frames);
  const scenes = film.scenes.map((scene) => {
    const texts = scene.layers.filter(({ type }) => type === 'text');
    return { ...scene, layers: [{ type: 'video' as const, src: noise }, ...texts] };
  });
  return { ...film, width: 320, height: 180, scenes };
}

async function makeNoise(path: string): Promise<Buffer> {
  const { ffmpeg } = await chooseFfmpeg();
  await promisify(execFile)(ffmpeg.path, [
    ...['-v', 'error', '-f', 'lavfi'],
    ...['-i', 'nullsrc=size=320x180:rate=30:duration=2,geq=lum=random(1)*255:cb=128:cr=128'],
    ...['-c:v', 'libx264', '-crf', '25', '-pix_fmt', 'yuv420p', path],
  ]);
  return readFile(path);
}
