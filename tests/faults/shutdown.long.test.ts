// Workers that are told to stop: they end by themselves, whatever hangs.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { expectDone } from './aftermath.ts';
import { busyWorker } from './busy-worker.ts';
import { fault } from './case.ts';
import { encodes, tinyFilm } from './films.ts';
import { until, untilEncoding } from './wait.ts';
import { mediaWorkers, openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ SHUTDOWN_GRACE_SECONDS: '5' });
});
afterAll(() => world.end());
afterEach(async () => {
  world.proxy.clear();
  await world.encoder.clear();
});

describe('a worker that is told to stop', () => {
  fault('F26b', 'its store is silent: it ends by itself all the same', async () => {
    const movie = tinyFilm(29, 30);
    const match = /^PUT \/scenemill\/intermediates\/.*\/scene_0\.mp4/;
    const silent = world.proxy.inject({ fault: { kind: 'hang' }, match, times: 1 });
    const jobId = await world.submit(movie);
    await until(() => Promise.resolve(silent.hits() > 0), 'the silence', 30_000);
    for (const name of mediaWorkers) world.stack.kill(name, 'SIGTERM');
    const exited = Promise.all(mediaWorkers.map((name) => world.stack.exited(name)));
    await until(() => Promise.race([exited, Promise.resolve(null)]), 'the end of both workers', 25_000);
    const well = { code: 0, signal: null };
    expect(await exited).toEqual([well, well]);
    await Promise.all(mediaWorkers.map((name) => world.stack.restart(name)));
    await expectDone(world, jobId, movie);
  });

  fault('F26c', 'it is told a second time: it ends at once', async () => {
    const movie = tinyFilm(31, 32);
    await world.encoder.order({ match: encodes(31), misdeed: 'slow 60', times: 1 });
    const jobId = await world.submit(movie);
    await untilEncoding(world);
    const busy = await busyWorker(world);
    const exited = world.stack.exited(busy);
    const tell = async () => {
      world.stack.kill(busy, 'SIGTERM');
      return Promise.race([exited, sleep(200, null)]);
    };
    await until(tell, 'the end of the worker', 4_000);
    expect(await exited).toEqual({ code: null, signal: 'SIGTERM' });
    await world.stack.restart(busy);
    await expectDone(world, jobId, movie);
  });
});
