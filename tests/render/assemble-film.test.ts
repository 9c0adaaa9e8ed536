// The activity that joins a film, with real FFmpeg and a store that takes its time.
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assembleFilm } from '../../activities/assemble-film.ts';
import { type JobClip, pictureOf, programmeOf } from '../../activities/job-clips.ts';
import { MemoryGate } from '../../activities/memory-gate.ts';
import type { MediaServices } from '../../activities/services.ts';
import { mixProgramme } from '../../ffmpeg/mix-programme.ts';
import { sceneBus } from '../../ffmpeg/scene-bus.ts';
import type { RenderPlan } from '../../plan-compiler/render-plan.ts';
import { objectKeys } from '../../storage/object-keys.ts';
import type { PutOptions, Written } from '../../storage/object-store.ts';
import { SceneCache } from '../../storage/scene-cache.ts';
import { createScratch } from '../../storage/scratch.ts';
import { FakeClips } from '../support/fake-clips.ts';
import { FakeStore } from '../support/fake-store.ts';
import { makeFolder, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { makeClip } from '../support/film-output.ts';
import { planOf } from '../support/plan-inputs.ts';

const jobId = 'job_1';
const scene = (id: string, duration: number) => ({
  id,
  duration,
  layers: [{ type: 'color' as const, color: '#102030' }],
});
const plan = planOf({ width: 64, height: 36, fps: 30, scenes: [scene('one', 0.5), scene('two', 0.7)] });

let folder: TestFolder;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

type Report = { readonly progress: number; readonly stage: string };

/** Sends half of the film, and the other half once it was told of the first. */
class SlowStore extends FakeStore {
  readonly reports: Report[] = [];

  override async putFile(key: string, path: string, options?: PutOptions): Promise<Written> {
    if (key === objectKeys.assembled(jobId, 'output.mp4')) {
      const { size } = await stat(path);
      for (let left = 200; left > 0 && !this.reports.some(({ stage }) => stage === 'uploading'); left -= 1) {
        options?.onProgress?.(size / 2);
        await sleep(50);
      }
    }
    return super.putFile(key, path);
  }
}

it('a film tells how much of it is stored', async () => {
  const store = new SlowStore();
  const clips = new FakeClips();
  await storeClips(plan, store, clips);
  const instance = { place: 'here', pid: process.pid, token: 'test' };
  // Of the services the activity uses this much and no more.
  const services = {
    store,
    clips,
    cache: new SceneCache(store, clips),
    ffmpeg: testTools,
    memory: new MemoryGate({ tools: testTools, shares: 1 }),
    plans: { read: () => Promise.resolve(plan) },
    scratch: createScratch({ root: folder.path('scratch'), maxBytes: 10_000_000, instance }),
    jobs: {
      enterPhase: () => Promise.resolve(true),
      raiseProgress: (_: string, progress: number, stage: string) =>
        Promise.resolve(store.reports.push({ progress, stage })),
    },
  } as unknown as MediaServices;
  const run = { attempt: 1, workersLost: 0, signal: new AbortController().signal };
  const outcome = await assembleFilm(services, { jobId, cache: 'use' }, run);
  expect(outcome).toMatchObject({ kind: 'assembled', film: { frames: plan.totalFrames } });
  // Joining is 0.3 of the phase, which goes from 0.85 to 0.95; half of the rest is there.
  const uploading = store.reports.find(({ stage }) => stage === 'uploading');
  expect(uploading?.progress).toBeCloseTo(0.915, 5);
});

/** The job's clips and its programme, as scenes leave them. */
async function storeClips({ scenes, output, programme }: RenderPlan, store: FakeStore, clips: FakeClips) {
  const put = async (clip: JobClip, path: string, length: number): Promise<void> => {
    const bytes = await readFile(path);
    store.objects.set(clip.jobObject, bytes);
    await clips.record({ ...clip, length, ...(await store.putFile(clip.cachedObject, path)) });
  };
  for (const part of scenes) {
    const path = folder.path(`${part.sceneId}.mp4`);
    await makeClip(path, part.frames, { fps: output.fps });
    await put(pictureOf(jobId, part), path, part.frames);
  }
  const path = folder.path('programme.m4a');
  const sceneSounds = sceneBus(programme.scenes.map(({ samples }) => ({ samples, path: null })));
  await mixProgramme(testTools, {
    programme,
    output,
    sceneSounds,
    assets: new Map(),
    outputPath: path,
  });
  await put(programmeOf(jobId, { programme }), path, programme.totalSamples);
}
