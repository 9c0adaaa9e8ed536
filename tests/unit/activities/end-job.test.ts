import { expect, it } from 'vitest';
import { cancelJob, failJob } from '../../../activities/end-job.ts';
import { RenderError } from '../../../contract/errors.ts';
import type { SceneSource } from '../../../plan-compiler/compile-types.ts';
import type { JobFailure } from '../../../workflows/activity-types.ts';
import { FakeStore } from '../../support/fake-store.ts';

/** The line that a job fails with. */
async function lineOf(failure: JobFailure): Promise<string> {
  const lines: string[] = [];
  const jobs = {
    fail: (_: string, { line }: { readonly line: string }) => Promise.resolve(lines.push(line)),
    get: () => Promise.resolve(null),
    scenes: () => Promise.resolve([]),
  };
  // Of the services the activity uses this much and no more.
  const services = { store: new FakeStore(), jobs } as unknown as Parameters<typeof failJob>[0];
  await failJob(services, { jobId: 'job_1', failure });
  return lines.join();
}

it('a failed job says in one sentence what happened, and in which scene', async () => {
  const code = 'SCRATCH_QUOTA_EXCEEDED';
  const message = 'It needs more than 9 bytes.';
  expect(await lineOf({ code, details: { message } })).toBe(`${code}: ${message}`);
  expect(await lineOf({ code, details: { message, sceneId: 'intro' } })).toBe(
    `${code}: It needs more than 9 bytes (scene intro).`,
  );
  // The letter of its name is in many words.
  expect(await lineOf({ code, details: { message, sceneId: 'm' } })).toContain('(scene m).');
  const known = 'FFmpeg exited with code 1 on scene intro';
  expect(await lineOf({ code, details: { message: known, sceneId: 'intro' } })).toBe(`${code}: ${known}`);
  expect(await lineOf({ code, details: { message: 'It was stopped', sceneId: 'intro' } })).toBe(
    `${code}: It was stopped (scene intro)`,
  );
});

/** What the history holds once a job was cancelled whose scenes' parts have these statuses. */
async function recordedBy(parts: readonly (readonly [string, string])[], readSources?: () => never) {
  const ids = [...new Set(parts.map(([sceneId]) => sceneId))];
  const sources = ids.map(
    (sceneId, sceneIndex): SceneSource => ({
      sceneId,
      sceneIndex,
      source: {},
      // No hash, but as good as one here.
      key: `key-${sceneId}`,
    }),
  );
  const recorded: string[] = [];
  const services = {
    store: new FakeStore(),
    jobs: {
      cancel: () => Promise.resolve(true),
      get: () => Promise.resolve({ jobId: 'job_1', projectId: 'project_1', status: 'cancelled' }),
      scenes: () => Promise.resolve(parts.map(([sceneId, status]) => ({ sceneId, status }))),
    },
    plans: { sources: () => Promise.resolve((readSources ?? (() => sources))()) },
    history: {
      record: (projectId: string, scenes: readonly SceneSource[]) => {
        recorded.push(projectId, ...scenes.map(({ sceneId }) => sceneId));
        return Promise.resolve();
      },
    },
    // Of the services the activity uses this much and no more.
  } as unknown as Parameters<typeof cancelJob>[0];
  await cancelJob(services, { jobId: 'job_1' });
  return recorded;
}

it('scenes that were rendered whole are remembered, although the film was never made', async () => {
  const parts = [
    ['intro', 'done'],
    ['long', 'done'],
    ['long', 'cancelled'],
    ['end', 'done'],
  ] as const;
  expect(await recordedBy(parts)).toEqual(['project_1', 'intro', 'end']);
  expect(await recordedBy([['intro', 'cancelled']])).toEqual([]);
  const lost = (): never => {
    throw new RenderError('PLAN_UNAVAILABLE', 'gone');
  };
  expect(await recordedBy(parts, lost)).toEqual([]);
});
