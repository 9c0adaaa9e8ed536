import { expect, it } from 'vitest';
import { failJob } from '../../../activities/end-job.ts';
import type { JobFailure } from '../../../workflows/activity-types.ts';
import { FakeStore } from '../../support/fake-store.ts';

/** The line that a job fails with. */
async function lineOf(failure: JobFailure): Promise<string> {
  const lines: string[] = [];
  const jobs = {
    fail: (_: string, { line }: { readonly line: string }) => Promise.resolve(lines.push(line)),
    get: () => Promise.resolve(null),
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
