// Processes that die, stop or are told to stop.
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { expectClean, expectDone } from './aftermath.ts';
import { busyWorker } from './busy-worker.ts';
import { fault } from './case.ts';
import { clipTimes } from './clips.ts';
import { encodes, saltOf, type TinyFilm, tinyFilm } from './films.ts';
import { until, untilEncoding } from './wait.ts';
import { mediaWorkers, openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());
afterEach(async () => {
  world.proxy.clear();
  await world.encoder.clear();
});

describe('processes that die', () => {
  fault('F1', 'a worker is killed while it encodes: the other takes over', async () => {
    const movie = tinyFilm(11, 12, 13);
    await world.encoder.order({ match: encodes(12), misdeed: 'slow 60', times: 1 });
    const jobId = await world.submit(movie);
    await untilEncoding(world);
    const busy = await busyWorker(world);
    world.stack.kill(busy, 'SIGKILL');
    await world.stack.restart(busy);
    const view = await expectDone(world, jobId, movie);
    expect(view.children).toMatchObject({ total: 3, succeeded: 3 });
  });

  fault('F3', 'Temporal is killed and comes back with its file', async () => {
    const movie = tinyFilm(14, 15, 16);
    await world.encoder.order({ match: encodes(15), misdeed: 'slow 4', times: 1 });
    const jobId = await world.submit(movie);
    await untilEncoding(world);
    world.stack.kill('temporal', 'SIGKILL');
    const late = await world.call<{ jobId?: string }>('POST', '/v1/render/jobs', {
      kind: 'movie',
      projectId: world.stack.projectId,
      movie: tinyFilm(17),
    });
    expect([202, 503]).toContain(late.status);
    await world.stack.restart('temporal');
    await expectDone(world, jobId, movie);
    if (late.status === 202)
      await until(
        async () => (await world.job(late.body.jobId ?? '')).status === 'done',
        'the job accepted meanwhile',
        60_000,
      );
  });

  fault('F2', 'both media workers are killed and started again: progress never goes back', async () => {
    const movie = tinyFilm(18, 19, 20);
    await world.encoder.order({ match: encodes(19), misdeed: 'slow 60', times: 1 });
    const jobId = await world.submit(movie);
    await untilEncoding(world);
    const before = await world.job(jobId);
    for (const name of mediaWorkers) world.stack.kill(name, 'SIGKILL');
    await Promise.all(mediaWorkers.map((name) => world.stack.restart(name)));
    let { progress } = before;
    await until(
      async () => {
        const view = await world.job(jobId);
        expect(view.progress).toBeGreaterThanOrEqual(progress);
        progress = view.progress;
        return view.status === 'done';
      },
      'the end of the job',
      90_000,
    );
    await expectDone(world, jobId, movie);
  });

  fault('F4', 'Postgres is killed for some seconds: 503 meanwhile, the job goes on afterwards', async () => {
    const movie = tinyFilm(21, 22);
    await world.encoder.order({ match: encodes(21), misdeed: 'slow 3', times: 1 });
    const jobId = await world.submit(movie);
    await untilEncoding(world);
    world.stack.kill('postgres', 'SIGKILL');
    await world.stack.exited('postgres');
    for (const path of [`/v1/jobs/${jobId}`, '/v1/usage']) {
      const answer = await world.call<{ code: string }>('GET', path);
      expect(answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
      expect(Number(answer.retryAfter)).toBeGreaterThan(0);
    }
    // Long enough for the encoder to end while there is nobody to tell.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await world.stack.restart('postgres');
    await expectDone(world, jobId, movie);
  });

  fault(
    'F5',
    'the API is killed between accepting and starting: its successor starts the job once',
    async () => {
      const movie = tinyFilm(23);
      world.stack.kill('temporal', 'SIGSTOP');
      const jobId = await world.submit(movie);
      world.stack.kill('api', 'SIGKILL');
      world.stack.kill('temporal', 'SIGCONT');
      await world.stack.restart('api');
      await until(() => isStarted(jobId), 'the start of the job', 10_000);
      await expectDone(world, jobId, movie);
    },
  );

  fault('F6', 'the API is killed before it answers: the caller repeats and gets the same job', async () => {
    const movie = tinyFilm(24);
    const key = { 'idempotency-key': `faults-${Date.now()}` };
    const lost = world.submit(movie, {}, key).catch(() => 'lost');
    const [accepted] = await until(
      async () => {
        const rows = await topJobs(movie);
        return rows.length > 0 && (await isStarted(rows[0]?.job_id ?? '')) ? rows : null;
      },
      'the job in the database',
      10_000,
    );
    world.stack.kill('api', 'SIGKILL');
    await lost;
    await world.stack.restart('api');
    expect(await world.submit(movie, {}, key)).toBe(accepted?.job_id);
    expect(await topJobs(movie)).toHaveLength(1);
    await expectDone(world, accepted?.job_id ?? '', movie);
  });

  fault('F26', 'a worker that is told to stop hands its scene back and ends with code 0', async () => {
    const movie = tinyFilm(25, 26);
    await world.encoder.order({ match: encodes(25), misdeed: 'slow 60', times: 1 });
    const jobId = await world.submit(movie);
    await untilEncoding(world);
    const busy = await busyWorker(world);
    world.stack.kill(busy, 'SIGTERM');
    expect(await world.stack.exited(busy)).toEqual({ code: 0, signal: null });
    await world.stack.restart(busy);
    await expectDone(world, jobId, movie);
  });

  fault(
    'F27',
    'a worker is stopped past its heartbeat and wakes up: what it brings late changes nothing',
    async () => {
      const movie = tinyFilm(27, 28);
      await world.encoder.order({ match: encodes(27), misdeed: 'slow 2', times: 1 });
      const jobId = await world.submit(movie);
      await untilEncoding(world);
      const busy = await busyWorker(world);
      world.stack.kill(busy, 'SIGSTOP');
      await until(
        async () => (await world.job(jobId)).status === 'done',
        'the job, by the other worker',
        90_000,
      );
      const written = await clipTimes(world);
      world.stack.kill(busy, 'SIGCONT');
      await expectDoneOnce(jobId, movie, written);
    },
  );
});

async function isStarted(jobId: string): Promise<boolean> {
  const rows = await world.sql('SELECT 1 FROM outbox WHERE job_id = $<jobId> AND started_at IS NOT NULL', {
    jobId,
  });
  return rows.length > 0;
}

function topJobs(movie: TinyFilm): Promise<readonly { readonly job_id: string }[]> {
  return world.sql(
    'SELECT job_id FROM jobs WHERE parent_job_id IS NULL AND submission::text LIKE $<pattern>',
    {
      pattern: `%"${saltOf(movie)}"%`,
    },
  );
}

async function expectDoneOnce(
  jobId: string,
  movie: TinyFilm,
  written: ReadonlyMap<string, number>,
): Promise<void> {
  const { updatedAt } = await world.job(jobId);
  // The late attempt comes to rest before anything else is looked at.
  await expectClean(world, jobId);
  expect(await clipTimes(world)).toEqual(written);
  expect((await world.job(jobId)).updatedAt).toBe(updatedAt);
  await expectDone(world, jobId, movie);
}
