// Rows that the tests of the database start from.

import { sceneJobId } from '../../../contract/names.ts';
import { RenderSubmission } from '../../../contract/submission.ts';
import type { Database } from '../../../database/connect-database.ts';
import type { JobRow, NewJob, NewSceneJob } from '../../../database/ports.ts';

export const submission: RenderSubmission = RenderSubmission.parse({
  kind: 'movie',
  projectId: 'project_1',
  movie: { title: 'A film', scenes: [{ id: 'one', duration: 2, layers: [] }] },
});

export const noLimits: NewJob['limits'] = { jobsAtOnce: null, minutesPerMonth: null, minutesPerDay: null };

export async function addUser(database: Database, userId = 'user_1', projectId = 'project_1'): Promise<void> {
  await database.accounts.createUser({ userId, email: `${userId}@example.org`, plan: 'unlimited' });
  await database.accounts.createProject({ projectId, userId, name: 'A project' });
}

export function newJob(jobId: string, change: Partial<NewJob> = {}): NewJob {
  return {
    jobId,
    userId: 'user_1',
    projectId: 'project_1',
    submission,
    sentMovie: null,
    documentHash: `hash of ${jobId}`,
    reuseActive: true,
    idempotency: null,
    traceParent: null,
    minutes: 1,
    limits: noLimits,
    now: new Date(),
    ...change,
  };
}

export async function submit(
  database: Database,
  jobId: string,
  change: Partial<NewJob> = {},
): Promise<JobRow> {
  const outcome = await database.jobs.submit(newJob(jobId, change));
  if (outcome.kind !== 'created') throw new Error(`expected a new job, got ${outcome.kind}`);
  const job = await database.jobs.get(outcome.job.jobId);
  if (job === null) throw new Error(`the job ${jobId} was not recorded`);
  return job;
}

export function newScenes(jobId: string, count: number, change: Partial<NewSceneJob> = {}): NewSceneJob[] {
  return Array.from({ length: count }, (_, index) => ({
    jobId: sceneJobId(jobId, index),
    sceneId: `scene ${index}`,
    sceneIndex: index,
    isCached: false,
    weight: 1,
    ...change,
  }));
}
