// FFmpeg that hangs, dies, refuses, or asks for too much.
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { expectDone, expectNoFilm } from './aftermath.ts';
import { fault } from './case.ts';
import { encodes, tinyFilm } from './films.ts';
import { untilEnded } from './wait.ts';
import { mediaWorkers, openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ RENDER_SCRATCH_MAX_BYTES: '3000000' });
});
afterAll(() => world.end());
afterEach(async () => {
  world.proxy.clear();
  await world.encoder.clear();
});

describe('an encoder that misbehaves', () => {
  fault(
    'F16',
    'a scene needs more scratch than it may: refused with advice, others are not disturbed',
    async () => {
      const large = tinyFilm(11);
      large.width = 1280;
      large.height = 720;
      large.scenes = [
        {
          id: 'large',
          duration: 11 / 30,
          layers: Array.from({ length: 6 }, (_, index) => ({
            type: 'text' as const,
            text: `WIDE TEXT ${index}`,
            fontSize: 200,
          })),
        },
      ];
      const small = tinyFilm(12);
      const [refused, fine] = [await world.submit(large), await world.submit(small)];
      // A clean place is one where neither is at work any more.
      await untilEnded(world, fine);
      const view = await expectNoFilm(world, refused, 'failed');
      expect(view.errorDetail).toMatchObject({
        code: 'SCRATCH_QUOTA_EXCEEDED',
        sceneId: 'large',
        attempt: 1,
      });
      expect(view.errorDetail?.hint).toContain('RENDER_SCRATCH_MAX_BYTES');
      await expectDone(world, fine, small);
    },
  );

  fault('F17', 'it hangs and does not obey TERM: killed for its silence, and tried again', async () => {
    const movie = tinyFilm(13, 14);
    await world.encoder.order({ match: encodes(13), misdeed: 'hang', times: 1 });
    const jobId = await world.submit(movie);
    await untilEnded(world, jobId, 150_000);
    await expectDone(world, jobId, movie);
  });

  for (const [id, misdeed] of [
    ['F19a', 'signal SEGV'],
    ['F19b', 'signal KILL'],
    ['F19c', 'exit 137'],
    ['F19d', 'exit 255'],
  ] as const) {
    fault(id, `it ends by "${misdeed}" twice: tried again, and done`, async () => {
      const movie = tinyFilm(15, 16);
      await world.encoder.order({ match: encodes(15), misdeed, times: 2 });
      const jobId = await world.submit(movie);
      await expectDone(world, jobId, movie);
    });
  }

  fault(
    'F19e',
    'it ends by a signal every time: failed in the end, with the scene and what to do',
    async () => {
      await world.encoder.order({ match: encodes(17), misdeed: 'signal SEGV' });
      const jobId = await world.submit(tinyFilm(17, 18));
      const view = await expectNoFilm(world, jobId, 'failed');
      expect(view.errorDetail).toMatchObject({ code: 'SCENE_RENDER_FAILED', sceneId: 's0' });
      expect(view.errorDetail?.attempt).toBeGreaterThanOrEqual(3);
      expect(view.errorDetail?.hint).not.toBeNull();
    },
  );

  fault(
    'F20',
    'one scene is poison: the job fails by its name, the good ones stay cached, the workers live',
    async () => {
      const pids = workerPids();
      const movie = tinyFilm(19, 20, 21);
      await world.encoder.order({ match: encodes(21), misdeed: 'exit 1' });
      const jobId = await world.submit(movie, { renderOptions: { requestedConcurrency: 1 } });
      const view = await expectNoFilm(world, jobId, 'failed');
      expect(view.error).toMatch(/^SCENE_RENDER_FAILED: .*s2/);
      expect(view.errorDetail).toMatchObject({ sceneId: 's2', sceneIndex: 2, attempt: 1 });
      expect(view.errorDetail?.stderrTail).toContain('broke on order');
      expect(workerPids()).toEqual(pids);
      await world.encoder.clear();
      const retried = await world.call<{ jobId: string }>('POST', `/v1/jobs/${jobId}/retry`);
      const done = await expectDone(world, retried.body.jobId, movie);
      expect(done.children?.cached).toBe(view.children?.succeeded);
    },
  );
});

function workerPids(): readonly number[] {
  return mediaWorkers.map((name) => world.stack.children.find((child) => child.name === name)?.pid ?? 0);
}
