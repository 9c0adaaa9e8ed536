// The object store: away, silent, broken in the middle, lying.
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { JobView } from '../../contract/job.ts';
import type { MovieInput } from '../../contract/movie.ts';
import { expectDone } from './aftermath.ts';
import { fault } from './case.ts';
import { cachedClips } from './clips.ts';
import type { Fault } from './fault-proxy.ts';
import { encodes, tinyFilm } from './films.ts';
import { until, untilEncoding, untilEnded } from './wait.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());
afterEach(async () => {
  world.proxy.clear();
  await world.encoder.clear();
});

const awayMs = 10_000;

describe('an object store that is away', () => {
  fault('F7', 'it refuses every connection for a while: the work is tried again', async () => {
    const movie = tinyFilm(11, 12);
    await world.encoder.order({ match: encodes(12), misdeed: 'slow 1', times: 1 });
    const jobId = await world.submit(movie);
    await untilEncoding(world);
    const away = world.proxy.inject({ fault: { kind: 'refuse' } });
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    away.stop();
    expect(away.hits()).toBeGreaterThan(0);
    await expectDone(world, jobId, movie);
  });

  fault('F8', 'it accepts and never answers: a deadline of our own ends the wait', async () => {
    const movie = tinyFilm(13, 14);
    const silent = world.proxy.inject({
      fault: { kind: 'hang' },
      match: /^PUT \/scenemill\/cache\//,
      times: 1,
    });
    const jobId = await world.submit(movie);
    await expectDone(world, jobId, movie);
    expect(silent.hits()).toBe(1);
  });
});

describe('an object store that breaks or lies', () => {
  fault(
    'F9',
    'the connection is cut in the middle of a get and of a put: tried again, nothing half is seen',
    async () => {
      const movie = tinyFilm(15, 16);
      const cuts = [/^PUT \/scenemill\/cache\/scenes/, /^PUT \/scenemill\/intermediates\/.*output\.mp4/].map(
        (match) => world.proxy.inject({ fault: { kind: 'cut' }, match, times: 1 }),
      );
      cuts.push(world.proxy.inject({ fault: { kind: 'cut' }, match: getClip(0), times: 1 }));
      const jobId = await world.submit(movie);
      await expectDone(world, jobId, movie);
      expect(cuts.map((cut) => cut.hits())).toEqual([1, 1, 1]);
    },
  );

  fault('F10', 'a byte is flipped on its way: fetched again; flipped each time: rendered again', async () => {
    await expectMended('flip', tinyFilm(17, 18));
  });

  fault('F11', 'a body is short and says no length: as with a flipped byte', async () => {
    const movie = tinyFilm(19, 20);
    const short = world.proxy.inject({ fault: { kind: 'short' }, match: getClip(0), times: 2 });
    const jobId = await world.submit(movie);
    await expectDone(world, jobId, movie);
    expect(short.hits()).toBe(2);
  });

  fault('F12', 'cached clips are truncated and overwritten where they lie: rendered again', async () => {
    const movie = tinyFilm(21, 22, 23);
    const first = await done(await world.submit(movie));
    const [short, other] = await cachedClips(world, first.jobId);
    await overwrite(short, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)));
    await overwrite(other, (bytes) =>
      Buffer.from(bytes.map((byte, index) => (index === 99 ? byte ^ 1 : byte))),
    );
    const jobId = await world.submit(movie);
    const view = await expectDone(world, jobId, movie);
    expect(view.children?.cached).toBeLessThanOrEqual(2);
  });

  fault('F12b', 'the plan of a job is overwritten where it lies: it is made again', async () => {
    const movie = tinyFilm(29, 30);
    await world.encoder.order({ match: encodes(29), misdeed: 'slow 2', times: 1 });
    const jobId = await world.submit(movie);
    await untilEncoding(world);
    for (const name of ['plan.json', 'sources.json'])
      await overwrite(`render-plans/${jobId}/${name}`, (bytes) =>
        Buffer.from(bytes.map((byte, index) => (index === 99 ? byte ^ 1 : byte))),
      );
    await expectDone(world, jobId, movie);
  });

  fault(
    'F13',
    'a clip is deleted between the hit and the joining: that scene is rendered again',
    async () => {
      const movie = tinyFilm(24, 25);
      await done(await world.submit(movie));
      const longer = { ...movie, scenes: [...movie.scenes, ...tinyFilm(26).scenes] };
      longer.scenes = longer.scenes.map((scene, index) => ({ ...scene, id: `s${index}` }));
      await world.encoder.order({ match: encodes(26), misdeed: 'slow 2', times: 1 });
      const jobId = await world.submit(longer);
      await untilEncoding(world);
      const [clip] = await cachedClips(world, jobId);
      await world.store.remove([`intermediates/${jobId}/scene_0.mp4`, clip ?? '']);
      await expectDone(world, jobId, longer);
    },
  );

  fault(
    'F28',
    'a clip is truncated in the hands of the joiner: it is found out and rendered again',
    async () => {
      const movie = tinyFilm(27, 28);
      // The longer scene comes first and lies in the store while the other one takes its time.
      await world.encoder.order({ match: encodes(27), misdeed: 'slow 2', times: 1 });
      const jobId = await world.submit(movie, { renderOptions: { requestedConcurrency: 1 } });
      const key = await until(() => firstStored(jobId, 2), 'a clip', 30_000);
      await overwrite(key, (bytes) => bytes.subarray(0, 700));
      await expectDone(world, jobId, movie);
    },
  );
});

/** Once on its way, then on every way of one clip, which only a new clip can mend. */
async function expectMended(kind: Fault['kind'] & ('flip' | 'short'), movie: MovieInput): Promise<void> {
  const once = world.proxy.inject({ fault: { kind }, match: getClip(0), times: 1 });
  const twice = world.proxy.inject({ fault: { kind }, match: getClip(1), times: 2 });
  const jobId = await world.submit(movie);
  await expectDone(world, jobId, movie);
  expect([once.hits(), twice.hits()]).toEqual([1, 2]);
}

function getClip(index: number): RegExp {
  return new RegExp(`^GET /scenemill/intermediates/.*scene_${index}\\.mp4`);
}

async function firstStored(jobId: string, scenes: number): Promise<string | null> {
  for (let index = 0; index < scenes; index += 1) {
    const key = `intermediates/${jobId}/scene_${index}.mp4`;
    if ((await world.store.stat(key)) !== null) return key;
  }
  return null;
}

async function done(jobId: string): Promise<JobView> {
  const view = await untilEnded(world, jobId);
  expect(view.status).toBe('done');
  return view;
}

async function overwrite(key: string | undefined, change: (bytes: Buffer) => Buffer): Promise<void> {
  if (key === undefined) throw new Error('There is no such clip.');
  const chunks: Buffer[] = [];
  for await (const chunk of await world.store.read(key)) chunks.push(chunk as Buffer);
  await world.store.put(key, Readable.from([change(Buffer.concat(chunks))]), { contentType: 'video/mp4' });
}
