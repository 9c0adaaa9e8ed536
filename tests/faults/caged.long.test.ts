// The cases in which an encoder outlives its time, in the sandbox: there the whole tree of processes is another.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { chooseFfmpeg } from '../../tools/ffmpeg-choice.ts';
import { expectClean, expectDone } from './aftermath.ts';
import { workerAbove } from './busy-worker.ts';
import { type CagedEncoder, makeCagedEncoder } from './caged-encoder.ts';
import { fault } from './case.ts';
import { clipTimes } from './clips.ts';
import { encodes, type TinyFilm, tinyFilm } from './films.ts';
import { makeHome, removeHome } from './home.ts';
import { until, untilEnded } from './wait.ts';
import { type MediaWorker, openWorld, type World } from './world.ts';

let home: string;
let encoder: CagedEncoder;
let world: World;
beforeAll(async () => {
  home = await makeHome();
  const { ffmpeg } = await chooseFfmpeg();
  encoder = await makeCagedEncoder(join(home, 'faults'), ffmpeg.path);
  // Demanded: where there is no sandbox the workers do not start, and the cases fail.
  world = await openWorld({ SANDBOX: 'bwrap', FFMPEG_PATH: encoder.path });
});
afterAll(async () => {
  await world.end();
  await removeHome(home);
});
afterEach(() => encoder.clear());

describe("in bubblewrap's sandbox", () => {
  fault(
    'F1b',
    'a worker is killed while it encodes: its sandbox dies with it, the other takes over',
    async () => {
      const movie = tinyFilm(71, 72);
      const { jobId, busy, sleeper } = await held(movie, { frames: 72, seconds: 60 });
      await encoder.clear();
      world.stack.kill(busy, 'SIGKILL');
      await until(async () => (await encoder.waiting()) !== sleeper, 'the end of the sandbox', 2_000);
      await world.stack.restart(busy);
      await expectDone(world, jobId, movie);
    },
  );

  fault('F17b', 'FFmpeg hangs and does not obey TERM: killed for its silence, and tried again', async () => {
    const movie = tinyFilm(73, 74);
    const { jobId } = await held(movie, { frames: 73, seconds: 3_600 });
    await encoder.clear();
    await untilEnded(world, jobId, 150_000);
    await expectDone(world, jobId, movie);
    expect(await encoder.waiting()).toBeNull();
  });

  fault('F27b', 'a worker is stopped past its heartbeat and wakes up: it changes nothing', async () => {
    const movie = tinyFilm(75, 76);
    const { jobId, busy } = await held(movie, { frames: 75, seconds: 2 });
    world.stack.kill(busy, 'SIGSTOP');
    await encoder.clear();
    await until(
      async () => (await world.job(jobId)).status === 'done',
      'the job, by the other worker',
      90_000,
    );
    const [written, { updatedAt }] = [await clipTimes(world), await world.job(jobId)];
    world.stack.kill(busy, 'SIGCONT');
    await expectClean(world, jobId);
    expect(await clipTimes(world)).toEqual(written);
    expect((await world.job(jobId)).updatedAt).toBe(updatedAt);
    await expectDone(world, jobId, movie);
  });
});

type Held = { readonly jobId: string; readonly busy: MediaWorker; readonly sleeper: number };

/** A job one of whose scenes is being encoded, by whom it is known. */
async function held(
  movie: TinyFilm,
  { frames, seconds }: { readonly frames: number; readonly seconds: number },
): Promise<Held> {
  await encoder.hold(encodes(frames), seconds);
  const jobId = await world.submit(movie);
  const sleeper = await until(() => encoder.waiting(), 'an encoder at work', 30_000);
  return { jobId, sleeper, busy: await workerAbove(world, sleeper) };
}
