// FFmpeg that needs more memory than one run may have.
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { expectDone, expectNoFilm } from './aftermath.ts';
import { fault } from './case.ts';
import { encodes, type TinyFilm, tinyFilm } from './films.ts';
import { untilEnded } from './wait.ts';
import { openWorld, type World } from './world.ts';

/** A tiny picture takes some 350 MB of address space, one of 1280x720 less than 600, one of 3840x2160 more than 800. */
const bytesMax = 400_000_000;
const shares = 2;

let world: World;
beforeAll(async () => {
  world = await openWorld({
    FFMPEG_MEMORY_MAX_BYTES: String(bytesMax),
    RENDER_CONCURRENCY: String(shares),
  });
});
afterAll(() => world.end());
afterEach(async () => {
  await world.encoder.clear();
});

describe('an encoder that runs out of memory', () => {
  fault('F18a', 'it is tried again alone, with the memory of all, and done', async () => {
    await world.encoder.runs();
    const movie = filmOf(1280, 41);
    const neighbours = tinyFilm(42, 43, 44);
    await world.encoder.order({ match: encodes(42), misdeed: 'slow 3', times: 2 });
    await world.encoder.order({ match: encodes(43), misdeed: 'slow 3', times: 2 });
    const besides = await world.submit(neighbours);
    const jobId = await world.submit(movie);
    // A clean place is one where neither is at work any more.
    await untilEnded(world, besides);
    await expectDone(world, jobId, movie);
    await expectDone(world, besides, neighbours);
    const runs = (await world.encoder.runs()).filter((run) => run.arguments.includes(`${encodes(41)} `));
    expect(runs.map(({ memoryBytesMax }) => roughly(memoryBytesMax))).toEqual([1, shares, 1, shares]);
    expect([runs[1]?.beside, runs[3]?.beside]).toEqual([0, 0]);
  });

  fault('F18b', 'also alone: it fails at once, with the scene and what to do', async () => {
    await world.encoder.runs();
    const jobId = await world.submit(filmOf(3840, 45));
    const view = await expectNoFilm(world, jobId, 'failed');
    expect(view.errorDetail).toMatchObject({ code: 'OUT_OF_MEMORY', sceneId: 's0', attempt: 1 });
    expect(view.errorDetail?.hint).toContain('FFMPEG_MEMORY_MAX_BYTES');
    const runs = (await world.encoder.runs()).filter((run) => run.arguments.includes(`${encodes(45)} `));
    expect(runs.map(({ memoryBytesMax }) => roughly(memoryBytesMax))).toEqual([1, shares]);
  });
});

/** In bounds of one run. */
const roughly = (bytes: number): number => Math.round(bytes / bytesMax);

function filmOf(width: number, frames: number): TinyFilm {
  return { ...tinyFilm(frames), width, height: (width * 9) / 16 };
}
