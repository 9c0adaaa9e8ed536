// Workers that are not like the others: of another version, or with a wrong clock.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { expectDone, expectNoFilm } from './aftermath.ts';
import { fault } from './case.ts';
import { cachedClips, clipTimes } from './clips.ts';
import { encodes, tinyFilm } from './films.ts';
import { makeHome, removeHome } from './home.ts';
import { untilRefused } from './refusals.ts';
import { makeShiftedClock, type ShiftedClock } from './shifted-clock.ts';
import { untilEnded } from './wait.ts';
import { finalEvents } from './webhook-events.ts';
import { mediaWorkers, openWorld, type World } from './world.ts';

let home: string;
let clock: ShiftedClock;
let world: World;
let receiver: Receiver;
beforeAll(async () => {
  home = await makeHome();
  clock = await makeShiftedClock(join(home, 'clock'));
  receiver = await startReceiver();
  world = await openWorld({
    ...clock.environment,
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
    WEBHOOK_RETRY_SECONDS: '1.5',
  });
});
afterAll(async () => {
  await world.end();
  await receiver.close();
  await removeHome(home);
});
afterEach(async () => {
  await clock.shift(0);
  await world.encoder.clear();
});

const allWorkers = ['worker-1', ...mediaWorkers];

async function restart(names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => world.stack.restart(name)));
}

describe('a worker with a clock that is one hour ahead', () => {
  const hourMs = 3_600_000;

  fault('F25a', 'the store refuses its signatures: said so, and done once the clock is right', async () => {
    await clock.shift(hourMs);
    const movie = tinyFilm(53);
    const jobId = await world.submit(movie);
    await untilRefused(world, jobId, /clock is 60 minutes ahead/);
    await clock.shift(0);
    await expectDone(world, jobId, movie);
  });

  fault('F25b', 'a webhook of that time has the time of its sending, at every attempt', async () => {
    await clock.shift(hourMs);
    receiver.answer((response) => void response.writeHead(500).end());
    const callbackUrl = `http://127.0.0.1:${receiver.port}/hook`;
    const jobId = await world.submit(tinyFilm(54), { callbackUrl });
    await untilRefused(world, jobId, /^UNAVAILABLE: .*clock is 60 minutes ahead/);
    await world.call('POST', `/v1/jobs/${jobId}/cancel`);
    await expectNoFilm(world, jobId, 'cancelled');
    const told = () => finalEvents(receiver, jobId);
    await expect.poll(() => told().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    receiver.answer((response) => void response.writeHead(204).end());
    const refused = told().length;
    await expect.poll(() => told().length, { timeout: 20_000 }).toBeGreaterThan(refused);
    expect(new Set(told().map(({ id }) => id)).size).toBe(1);
    for (const { sentAtMs, receivedAtMs } of told())
      expect(Math.abs(receivedAtMs - sentAtMs)).toBeLessThan(10_000);
    expect(new Set(told().map(({ sentAtMs }) => sentAtMs)).size).toBe(told().length);
  });
});

describe('a worker of another version', () => {
  const backToOld = async (): Promise<void> => {
    await world.encoder.pretend(null);
    await restart(allWorkers);
  };

  fault(
    'F24',
    'nothing that the old one made is used, and it is given no new work',
    async () => {
      const movie = tinyFilm(51, 52);
      const old = await expectDone(world, await world.submit(movie), movie);
      const oldClips = await cachedClips(world, old.jobId);
      const written = await clipTimes(world);

      await world.encoder.pretend('other');
      await restart(mediaWorkers);
      // What plans is of the old version still.
      const mixed = await world.submit(movie, { renderOptions: { cache: 'refresh', reuseActive: false } });
      await untilRefused(world, mixed, /another version of FFmpeg or scenemill/);
      await world.call('POST', `/v1/jobs/${mixed}/cancel`);
      await expectNoFilm(world, mixed, 'cancelled');

      await restart(['worker-1']);
      await world.encoder.order({ match: encodes(51), misdeed: 'slow 0' });
      const before = await world.encoder.taken();
      const jobId = await world.submit(movie, { renderOptions: { reuseActive: false } });
      const view = await untilEnded(world, jobId);
      expect(view).toMatchObject({ status: 'done', children: { total: 2, succeeded: 2, cached: 0 } });
      expect((await world.encoder.taken()) - before).toBe(1);
      const clips = await cachedClips(world, jobId);
      expect(clips.filter((key) => oldClips.includes(key))).toEqual([]);
      const after = await clipTimes(world);
      expect(oldClips.map((key) => after.get(key))).toEqual(oldClips.map((key) => written.get(key)));
      await expectDone(world, jobId, movie);

      await backToOld();
      const again = await world.submit(movie, { renderOptions: { reuseActive: false } });
      expect((await untilEnded(world, again)).children).toMatchObject({ total: 2, cached: 2 });
      expect(await cachedClips(world, again)).toEqual(oldClips);
    },
    300_000,
  );
});
