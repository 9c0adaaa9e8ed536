import { randomUUID } from 'node:crypto';
import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { taskQueues, workflowNames } from '../../contract/names.ts';
import {
  endlessScene,
  type FakeFilm,
  FilmLog,
  fakeActivities,
  plainFilm,
  sceneFailure,
} from '../support/fake-film.ts';
import { withFilmWorkers } from '../support/film-workers.ts';

let connection: NativeConnection;
let clientConnection: Connection;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const address = inject('temporalAddress');
  connection = await NativeConnection.connect({ address });
  clientConnection = await Connection.connect({ address });
});
afterAll(async () => {
  await clientConnection.close();
  await connection.close();
});

type Started = { readonly handle: WorkflowHandle; readonly log: FilmLog };

/** Runs a job against fake activities; `use` gets the started workflow and both workers run meanwhile. */
async function withJob(film: Partial<FakeFilm>, use: (started: Started) => Promise<void>): Promise<void> {
  const log = new FilmLog();
  const activities = fakeActivities({ ...plainFilm, ...film }, log);
  const client = new Client({ connection: clientConnection });
  await withFilmWorkers({ connection, activities }, async () => {
    const jobId = randomUUID();
    const handle = await client.workflow.start(workflowNames.renderMovie, {
      taskQueue: taskQueues.control,
      workflowId: `render-${jobId}`,
      args: [{ jobId }],
    });
    await use({ handle, log });
  });
}

async function failureOf(handle: WorkflowHandle): Promise<Error | undefined> {
  const error: unknown = await handle.result().then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WorkflowFailedError)) throw new Error('The workflow did not fail.');
  return error.cause;
}

describe('a job', () => {
  it('renders every scene once, not more at a time than asked, and then assembles and stores', async () => {
    let begun = 0;
    let letGo = (): void => undefined;
    const threeAtWork = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    // However busy the machine is, the first ends only once three are at work.
    const scene = async (): Promise<void> => {
      begun += 1;
      if (begun === 3) letGo();
      await threeAtWork;
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await withJob({ scenes: 12, concurrency: 3, scene }, async ({ handle, log }) => {
      await handle.result();
      expect([...log.rendered].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 12 }, (_, index) => index),
      );
      expect(log.mostAtOnce).toBe(3);
      expect(log.mixes).toBe(1);
      expect(log.story.at(-1)).toBe('assemble');
      expect(log.isDone).toBe(true);
    });
  });

  it('renders cheap scenes several to an activity, after the costly ones', async () => {
    await withJob({ scenes: 6, cheap: 4, concurrency: 1 }, async ({ handle, log }) => {
      await handle.result();
      expect(log.story.filter((line) => /^pictures? .*begins$/.test(line))).toEqual([
        'picture 0 begins',
        'picture 1 begins',
        'pictures 2,3,4,5 begins',
      ]);
      expect(log.isDone).toBe(true);
    });
  });

  it('with nothing to render but sound goes straight on to assembling, which mixes it', async () => {
    await withJob({ scenes: 0 }, async ({ handle, log }) => {
      await handle.result();
      expect(log.story).toEqual(['assemble', 'mix begins', 'mix ends']);
      expect(log.isDone).toBe(true);
    });
  });

  it('renders again what assembling finds damaged', async () => {
    await withJob({ scenes: 3, damaged: [[1], [0, 2]] }, async ({ handle, log }) => {
      await handle.result();
      expect(log.rendered.slice(3)).toHaveLength(3);
      expect([...log.rendered.slice(3)].sort()).toEqual([0, 1, 2]);
      expect(log.isDone).toBe(true);
    });
  });

  it('makes a plan again that was lost, and renders nothing twice for it', async () => {
    await withJob({ scenes: 3, planLosses: 2 }, async ({ handle, log }) => {
      await handle.result();
      expect(log.plans).toBe(3);
      expect([...log.rendered].sort()).toEqual([0, 1, 2]);
      expect(log.isDone).toBe(true);
    });
  });

  it('fails, and says why, when its plan is lost again and again', async () => {
    await withJob({ scenes: 1, planLosses: 10 }, async ({ handle, log }) => {
      await failureOf(handle);
      expect(log.failure).toMatchObject({
        code: 'PLAN_UNAVAILABLE',
        details: { message: expect.stringMatching(/not what was written/) as string },
      });
      expect(log.plans).toBe(3);
    });
  });

  it('fails when clips are lost again and again', async () => {
    await withJob({ scenes: 1, damaged: [[0], [0], [0], [0]] }, async ({ handle, log }) => {
      const cause = await failureOf(handle);
      expect(cause).toBeInstanceOf(ApplicationFailure);
      expect(log.failure?.code).toBe('ASSEMBLE_FAILED');
      expect(log.isDone).toBe(false);
    });
  });
});

describe('the sound of a job', () => {
  const all = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

  it('is rendered and mixed beside the pictures, in batches, by one of the lanes', async () => {
    let release = (): void => undefined;
    const pictures = new Promise<void>((resolve) => {
      release = resolve;
    });
    // No picture ends before the mix has: a job that put the sound after them would hang here.
    const film = { scenes: 60, sounds: all(60), concurrency: 2, scene: () => pictures, mix };
    function mix(): Promise<void> {
      release();
      return Promise.resolve();
    }
    await withJob(film, async ({ handle, log }) => {
      await handle.result();
      expect(log.soundsRendered).toEqual(all(60));
      const sounds = log.story.filter((line) => /^(sound|mix) .*begins/.test(line) || line === 'mix begins');
      expect(sounds).toEqual([
        `sound ${all(25).join(',')} begins`,
        `sound ${all(50).slice(25).join(',')} begins`,
        `sound ${all(60).slice(50).join(',')} begins`,
        'mix begins',
      ]);
      const first = log.story.findIndex((line) => /^picture .* begins/.test(line));
      expect(first).toBeLessThan(log.story.indexOf('mix begins'));
      expect(log.mostAtOnce).toBe(2);
      expect(log.mixes).toBe(1);
      expect(new Set(log.rendered).size).toBe(60);
    });
  });

  it('comes first where the job has a single lane', async () => {
    await withJob({ scenes: 2, sounds: [0, 1], concurrency: 1 }, async ({ handle, log }) => {
      await handle.result();
      const begun = log.story.filter((line) => line.endsWith('begins'));
      expect(begun).toEqual(['sound 0,1', 'mix', 'picture 0', 'picture 1'].map((what) => `${what} begins`));
    });
  });

  it('that the mix finds damaged is rendered again, and mixed again, while pictures go on', async () => {
    const film = { scenes: 3, sounds: [0, 1, 2], concurrency: 1, damagedSounds: [[1], [0, 2]] };
    await withJob(film, async ({ handle, log }) => {
      await handle.result();
      expect(log.soundsRendered).toEqual([0, 1, 2, 1, 0, 2]);
      expect(log.mixes).toBe(3);
      expect(log.dispatches).toBe(1);
      expect(log.isDone).toBe(true);
    });
  });

  it('that is lost again and again fails the job', async () => {
    await withJob({ sounds: [0], damagedSounds: [[0], [0], [0], [0]] }, async ({ handle, log }) => {
      await failureOf(handle);
      expect(log.failure?.code).toBe('ASSEMBLE_FAILED');
      expect(log.mixes).toBe(3);
      expect(log.isDone).toBe(false);
    });
  });

  it('that fails stops the pictures, by the name of its scene', async () => {
    const sound = (): Promise<void> => Promise.reject(sceneFailure('choir', false));
    await withJob({ sounds: all(6), sound, scene: endlessScene }, async ({ handle, log }) => {
      expect(await failureOf(handle)).toMatchObject({ type: 'SCENE_RENDER_FAILED' });
      expect(log.failure).toMatchObject({ code: 'SCENE_RENDER_FAILED', details: { sceneId: 'choir' } });
      expect(log.atWorkAtEnd).toBe(0);
      expect(log.mixes).toBe(0);
    });
  });

  it('stops when a picture fails', async () => {
    const scene = (): Promise<void> => Promise.reject(sceneFailure('intro', false));
    for (const part of [{ sound: endlessScene }, { mix: endlessScene }]) {
      await withJob({ sounds: [0, 1], scene, ...part }, async ({ handle, log }) => {
        expect(await failureOf(handle)).toMatchObject({ type: 'SCENE_RENDER_FAILED' });
        expect(log.failure).toMatchObject({ details: { sceneId: 'intro' } });
        expect(log.atWorkAtEnd).toBe(0);
      });
    }
  });

  it('stops when the job is cancelled', async () => {
    const film = { sounds: [0, 1], sound: endlessScene, scene: endlessScene };
    await withJob(film, async ({ handle, log }) => {
      await vi.waitUntil(() => log.atWork === 2, { timeout: 10_000 });
      expect(log.story.some((line) => line.startsWith('sound'))).toBe(true);
      await handle.cancel();
      expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
      expect(log.isCancelled).toBe(true);
      expect(log.atWorkAtEnd).toBe(0);
    });
  });
});

describe('a scene that fails for good', () => {
  it('stops its siblings, and the job fails by its name once nothing runs any more', async () => {
    const scene = (index: number): Promise<void> =>
      index === 2
        ? Promise.reject(sceneFailure('intro', false))
        : index === 0
          ? Promise.resolve()
          : endlessScene();
    await withJob({ scenes: 8, concurrency: 2, scene }, async ({ handle, log }) => {
      const cause = await failureOf(handle);
      expect(cause).toMatchObject({ type: 'SCENE_RENDER_FAILED' });
      expect(log.failure).toMatchObject({
        code: 'SCENE_RENDER_FAILED',
        details: { sceneId: 'intro', sceneIndex: 2, stderrTail: 'no such filter' },
      });
      expect(log.atWorkAtEnd).toBe(0);
      expect(log.rendered).toEqual([0]);
    });
  });

  it('is tried again while the failure may pass', async () => {
    const scene = (index: number, attempt: number): Promise<void> =>
      index === 1 && attempt === 1 ? Promise.reject(sceneFailure('flaky', true)) : Promise.resolve();
    await withJob({ scenes: 3, scene }, async ({ handle, log }) => {
      await handle.result();
      expect(log.isDone).toBe(true);
    });
  });
});

describe('an end from outside', () => {
  it('cancels within seconds, after the encoders have stopped', async () => {
    await withJob({ scenes: 4, concurrency: 2, scene: endlessScene }, async ({ handle, log }) => {
      await vi.waitUntil(() => log.atWork === 2, { timeout: 10_000 });
      await handle.cancel();
      expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
      expect(log.isCancelled).toBe(true);
      expect(log.failure).toBeNull();
      expect(log.atWorkAtEnd).toBe(0);
    });
  });

  it('is a cancel also where what was at work fails by itself in that moment', async () => {
    const scene = (): Promise<void> =>
      endlessScene().catch(() => Promise.reject(sceneFailure('killed', true)));
    await withJob({ scenes: 4, concurrency: 2, scene }, async ({ handle, log }) => {
      await vi.waitUntil(() => log.atWork === 2, { timeout: 10_000 });
      await handle.cancel();
      expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
      expect(log.isCancelled).toBe(true);
      expect(log.failure).toBeNull();
    });
  });

  it('is a timeout when the whole job takes too long', async () => {
    await withJob(
      { scenes: 4, concurrency: 2, jobSecondsMax: 2, scene: endlessScene },
      async ({ handle, log }) => {
        expect(await failureOf(handle)).toMatchObject({ type: 'RENDER_TIMEOUT' });
        expect(log.failure).toMatchObject({
          code: 'RENDER_TIMEOUT',
          details: {
            message:
              'The job was not done within 2 s; it was rendering: scene 1 of 4 · scene-0 · 1.0 s; scene 2 of 4 · scene-1 · 1.0 s.',
          },
        });
        expect(log.isCancelled).toBe(false);
        expect(log.atWorkAtEnd).toBe(0);
      },
    );
  });
});

describe('a very long film', () => {
  it('goes on in a new run before its history grows too large, and renders nothing twice', async () => {
    const sounds = Array.from({ length: 800 }, (_, index) => 2 * index);
    await withJob({ scenes: 1600, sounds, concurrency: 32 }, async ({ handle, log }) => {
      await handle.result();
      expect(log.dispatches).toBeGreaterThan(1);
      expect(new Set(log.rendered).size).toBe(1600);
      expect(log.rendered).toHaveLength(1600);
      expect([...log.soundsRendered].sort((a, b) => a - b)).toEqual(sounds);
      expect(log.mixes).toBe(1);
    });
  });
});
