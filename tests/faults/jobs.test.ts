// Many callers at once: the same scene, cancels at every moment, removal, watchers that leave.
import { readdir } from 'node:fs/promises';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { JobView } from '../../contract/job.ts';
import type { Phase } from '../../contract/names.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { expectClean, expectDone, expectNoFilm, filmHash, minutesBooked } from './aftermath.ts';
import { fault } from './case.ts';
import { encodes, type TinyFilm, tinyFilm } from './films.ts';
import { until, untilEncoding, untilEnded, untilPhase } from './wait.ts';
import { finalEvents } from './webhook-events.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1' });
});
afterAll(() => world.end());
afterEach(async () => {
  world.proxy.clear();
  await world.encoder.clear();
});

const racesMax = 100;
const racesAtOnce = 5;

/** What is promised for a cancel, with room for a busy machine. */
const cancelMsMax = 5_000;

describe('many jobs at once', () => {
  fault('F14', 'ten jobs with the same scene: it is encoded once, and all films are the same', async () => {
    const movie = tinyFilm(11);
    await world.encoder.order({ match: encodes(11), misdeed: 'slow 1', times: 10 });
    const before = await world.encoder.taken();
    const jobs = await Promise.all(
      Array.from({ length: 10 }, () => world.submit(movie, { renderOptions: { reuseActive: false } })),
    );
    expect(new Set(jobs).size).toBe(10);
    const views = await Promise.all(jobs.map((jobId) => untilEnded(world, jobId)));
    expect(views.map(({ status, error }) => error ?? status)).toEqual(views.map(() => 'done'));
    expect((await world.encoder.taken()) - before).toBe(1);
    expect(new Set(await Promise.all(views.map(filmHash))).size).toBe(1);
    await expectDone(world, jobs[0] ?? '', movie);
  });
});

describe('a cancel', () => {
  /** What holds a job in a phase long enough to be cancelled in it. */
  const holds: Readonly<Record<Phase, RegExp>> = {
    planning: /^PUT \/scenemill\/render-plans\//,
    dispatching: /^GET \/scenemill\/?\?.*intermediates/,
    rendering: /^PUT \/scenemill\/cache\/scenes/,
    assembling: /^PUT \/scenemill\/intermediates\/.*output\.mp4/,
    uploading: /^GET \/scenemill\/outputs\//,
  };
  for (const [index, [phase, match]] of (Object.entries(holds) as [Phase, RegExp][]).entries()) {
    fault(
      `F21${'abcde'.charAt(index)}` as 'F21',
      `while the store is slow in ${phase}: ended soon, nothing left`,
      async () => {
        const slow = world.proxy.inject({ fault: { kind: 'slow', ms: 3_000 }, match });
        const jobId = await world.submit(tinyFilm(12 + index, 20));
        await untilPhase(world, jobId, phase);
        await until(() => Promise.resolve(slow.hits() > 0), `a call in ${phase}`, 20_000);
        await expectCancelled(jobId);
      },
    );
  }

  fault('F21f', 'while an encoder runs: it is stopped, nothing left', async () => {
    await world.encoder.order({ match: encodes(19), misdeed: 'slow 60', times: 1 });
    const jobId = await world.submit(tinyFilm(19));
    await untilEncoding(world, (await world.encoder.taken()) + 1).catch(() => undefined);
    await expectCancelled(jobId);
  });

  fault('F22', 'races with the end: one final state, one webhook, minutes only for a film', async () => {
    const receiver = await startReceiver();
    try {
      const movie = tinyFilm(12);
      await expectDone(world, await world.submit(movie), movie);
      // From at once to well beyond the end, however fast the machine is.
      const begunMs = performance.now();
      await untilEnded(world, await world.submit(movie, { renderOptions: { reuseActive: false } }));
      const spreadMs = 3 * (performance.now() - begunMs);
      const races = Array.from({ length: racesMax }, (_, index) => index);
      const ends = await pooled(races, (index) => race(movie, receiver, ((index % 25) / 25) * spreadMs));
      // Else it was no race.
      expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['done', 'cancelled']));
      const told = (): readonly string[] =>
        ends.flatMap(({ jobId }) => finalEvents(receiver, jobId).map(({ status }) => `${jobId} ${status}`));
      await until(() => Promise.resolve(told().length >= racesMax), 'a webhook for each', 60_000);
      expect(told()).toEqual(ends.map(({ jobId, status }) => `${jobId} ${status}`));
      for (const { jobId, status } of ends) expect((await world.job(jobId)).status).toBe(status);
      await expectClean(world, ends[0]?.jobId ?? '');
    } finally {
      await receiver.close();
    }
  });

  async function race(movie: TinyFilm, { port }: Receiver, afterMs: number): Promise<JobView> {
    const callbackUrl = `http://127.0.0.1:${port}/hook`;
    const jobId = await world.submit(movie, { renderOptions: { reuseActive: false }, callbackUrl });
    await sleep(afterMs);
    await world.call('POST', `/v1/jobs/${jobId}/cancel`);
    const view = await untilEnded(world, jobId);
    expect(await minutesBooked(world, jobId)).toHaveLength(view.status === 'done' ? 1 : 0);
    expect(view.outputUrl === null).toBe(view.status === 'cancelled');
    return view;
  }

  async function expectCancelled(jobId: string): Promise<void> {
    const askedMs = performance.now();
    const answer = await world.call('POST', `/v1/jobs/${jobId}/cancel`);
    expect([200, 202]).toContain(answer.status);
    await untilEnded(world, jobId, 30_000);
    expect(performance.now() - askedMs).toBeLessThan(cancelMsMax);
    await expectNoFilm(world, jobId, 'cancelled');
  }
});

describe('removal and watching', () => {
  fault('F23', 'a job is not removed while it runs; removed afterwards, no object stays', async () => {
    await world.encoder.order({ match: encodes(14), misdeed: 'slow 2', times: 1 });
    const movie = tinyFilm(14);
    const jobId = await world.submit(movie);
    const early = await world.call<{ code: string }>('DELETE', `/v1/jobs/${jobId}`);
    expect(early).toMatchObject({ status: 409, body: { code: 'INVALID_STATE' } });
    await expectDone(world, jobId, movie);
    expect((await world.call('DELETE', `/v1/jobs/${jobId}`)).status).toBeLessThan(300);
    expect((await world.call('GET', `/v1/jobs/${jobId}`)).status).toBe(404);
    const left: string[] = [];
    for (const prefix of ['outputs', 'intermediates', 'render-plans'])
      for await (const { key } of world.store.list(`${prefix}/${jobId}/`)) left.push(key);
    expect(left).toEqual([]);
    expect(await minutesBooked(world, jobId)).toHaveLength(1);
  });

  fault('F31', 'two hundred watchers come and leave: no handle stays open', async () => {
    await world.encoder.order({ match: encodes(15), misdeed: 'slow 5', times: 1 });
    const movie = tinyFilm(15);
    const jobId = await world.submit(movie);
    const before = await openFiles();
    const watchers = await Promise.all(Array.from({ length: 200 }, () => watch(jobId)));
    expect(watchers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    for (const { leave } of watchers) leave();
    // The database's connections may have grown to the pool's bound of 20; a leak would be one for each watcher.
    await until(async () => (await openFiles()) <= before + 25, 'the handles to be closed', 15_000);
    await expectDone(world, jobId, movie);
  });
});

/** A few at a time, each result at its place. */
async function pooled<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: racesAtOnce }, lane));
  return results;
}

/** By a connection of its own, which an idle one of a pool would be mistaken for. */
function watch(jobId: string): Promise<{ readonly status: number; readonly leave: () => void }> {
  const url = new URL(`/v1/jobs/${jobId}/progress`, world.stack.apiUrl);
  return new Promise((resolve, reject) => {
    const request = http.get(
      url,
      { agent: false, headers: { 'x-api-key': world.stack.apiKey } },
      (response) => {
        response.on('error', () => undefined);
        resolve({ status: response.statusCode ?? 0, leave: () => request.destroy() });
      },
    );
    request.once('error', reject).on('error', () => undefined);
  });
}

async function openFiles(): Promise<number> {
  const api = world.stack.children.find(({ name }) => name === 'api');
  return (await readdir(`/proc/${api?.pid ?? 0}/fd`)).length;
}
