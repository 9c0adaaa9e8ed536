import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser, newJob, noLimits, submission, submit } from './fixtures.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await addUser(test.database);
  await addUser(test.database, 'user_2', 'project_2');
});
afterAll(() => test.remove());

describe('submitting a job', () => {
  it('records the job, with its document as sent, and puts it into the outbox', async () => {
    const job = await submit(test.database, 'job_a');
    expect(job).toMatchObject({
      jobId: 'job_a',
      type: 'render.movie',
      status: 'queued',
      phase: null,
      stage: null,
      progress: 0,
      parentJobId: null,
      sceneIndex: null,
      isCached: false,
      version: 1,
      startedAt: null,
      endedAt: null,
    });
    expect(JSON.stringify(job.submission)).toBe(JSON.stringify(submission));
    expect(job.createdAt).toBeInstanceOf(Date);
    expect(await test.database.outbox.pending(100)).toContainEqual({ jobId: 'job_a', userId: 'user_1' });
  });

  it('keeps the movie as it was sent, whatever its notes hold, for those who ask for all of the job', async () => {
    const notes = { 'x-\u0000': 'a\u0000b\ud800', z: 1, a: { 'x-y': [null, 1e300, "'; --"] } };
    await submit(test.database, 'job_sent', { sentMovie: notes });
    const shown = await test.database.jobs.show('user_1', 'job_sent', 'whole');
    expect(JSON.stringify(shown?.sentMovie)).toBe(JSON.stringify(notes));
    expect(shown?.submission).toBeNull();
    expect(await test.database.jobs.sent('user_1', 'job_sent')).toEqual({ submission, sentMovie: notes });
    expect(await test.database.jobs.sent('user_2', 'job_sent')).toBeNull();
    const progress = await test.database.jobs.show('user_1', 'job_sent', 'progress');
    expect([progress?.sentMovie, progress?.submission]).toEqual([null, null]);
    // A job from before the movie was kept.
    await submit(test.database, 'job_old', { sentMovie: null });
    expect((await test.database.jobs.show('user_1', 'job_old', 'whole'))?.submission).toEqual(submission);
  });

  it('lets a started job leave the outbox', async () => {
    await submit(test.database, 'job_started');
    await test.database.outbox.markStarted('job_started');
    await test.database.outbox.markStarted('job_started');
    const pending = await test.database.outbox.pending(100);
    expect(pending.map(({ jobId }) => jobId)).not.toContain('job_started');
  });

  it('tells of started jobs that have been quiet for long enough, page by page', async () => {
    const { outbox, jobs } = test.database;
    for (const jobId of ['job_quiet_a', 'job_quiet_b', 'job_quiet_unsent', 'job_quiet_ended'])
      await submit(test.database, jobId);
    for (const jobId of ['job_quiet_a', 'job_quiet_b', 'job_quiet_ended']) await outbox.markStarted(jobId);
    await jobs.cancel('job_quiet_ended');
    const ask = (after: string, limit: number, quietSeconds = 0) =>
      outbox.quiet({ quietSeconds, after, limit });
    expect(await ask('job_quiet', 2)).toEqual([{ jobId: 'job_quiet_a' }, { jobId: 'job_quiet_b' }]);
    expect(await ask('job_quiet_a', 1)).toEqual([{ jobId: 'job_quiet_b' }]);
    expect(await ask('job_quiet', 10, 60)).toEqual([]);
  });

  it('never hands a job to Temporal that was cancelled before', async () => {
    await submit(test.database, 'job_early');
    await test.database.jobs.cancel('job_early');
    const pending = await test.database.outbox.pending(100);
    expect(pending.map(({ jobId }) => jobId)).not.toContain('job_early');
  });

  it('gives the oldest pending jobs first, and no more than asked for', async () => {
    const pending = await test.database.outbox.pending(1);
    expect(pending).toEqual([{ jobId: 'job_a', userId: 'user_1' }]);
  });

  it('makes one job of twenty equal submissions at once with one idempotency key', async () => {
    const idempotency = { key: 'key 1', bodyHash: 'body' };
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        test.database.jobs.submit(newJob(`job_same_${number}`, { idempotency, reuseActive: false })),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    const ids = outcomes.map((outcome) => ('job' in outcome ? outcome.job.jobId : outcome.kind));
    expect(new Set(ids).size).toBe(1);
  });

  it('refuses another body under the same idempotency key', async () => {
    await submit(test.database, 'job_key', { idempotency: { key: 'key 2', bodyHash: 'one body' } });
    const idempotency = { key: 'key 2', bodyHash: 'another' };
    expect(await test.database.jobs.submit(newJob('job_key_2', { idempotency }))).toEqual({
      kind: 'idempotency-mismatch',
    });
  });

  it('keeps the idempotency keys of users apart and forgets them after a day', async () => {
    const idempotency = { key: 'key 3', bodyHash: 'body' };
    await submit(test.database, 'job_key_3', { idempotency, reuseActive: false });
    await submit(test.database, 'job_key_4', { idempotency, userId: 'user_2', projectId: 'project_2' });
    await test.sql(
      `UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'key 3'`,
    );
    await submit(test.database, 'job_key_5', { idempotency, reuseActive: false });
  });

  it('returns the active job of an equal document, in the same project only', async () => {
    await submit(test.database, 'job_equal', { documentHash: 'equal' });
    const again = await test.database.jobs.submit(newJob('job_equal_2', { documentHash: 'equal' }));
    expect(again).toMatchObject({ kind: 'existing', job: { jobId: 'job_equal' } });
    await submit(test.database, 'job_equal_3', { documentHash: 'equal', reuseActive: false });
    await submit(test.database, 'job_equal_4', {
      documentHash: 'equal',
      userId: 'user_2',
      projectId: 'project_2',
    });
    await test.database.jobs.cancel('job_equal');
    await test.database.jobs.cancel('job_equal_3');
    await submit(test.database, 'job_equal_5', { documentHash: 'equal' });
  });

  it('returns no job whose end was asked for, though it is still active', async () => {
    await submit(test.database, 'job_ending', { documentHash: 'ending' });
    await test.database.jobs.noteCancel('job_ending');
    const asked = () =>
      test.sql<{ at: Date | null }>(`SELECT cancel_asked_at AS at FROM jobs WHERE job_id = 'job_ending'`);
    const [first] = await asked();
    expect(first?.at).toBeInstanceOf(Date);
    await test.database.jobs.noteCancel('job_ending');
    expect(await asked()).toEqual([first]);
    expect((await test.database.jobs.get('job_ending'))?.status).toBe('queued');
    await submit(test.database, 'job_ending_2', { documentHash: 'ending' });
  });

  it('remembers the idempotency key of a submission that was answered with an active job', async () => {
    await submit(test.database, 'job_reused', { documentHash: 'reused' });
    const idempotency = { key: 'key 6', bodyHash: 'body' };
    const again = newJob('job_reused_2', { documentHash: 'reused', idempotency });
    expect(await test.database.jobs.submit(again)).toMatchObject({ job: { jobId: 'job_reused' } });
    await test.database.jobs.cancel('job_reused');
    expect(await test.database.jobs.submit(again)).toMatchObject({
      kind: 'repeated',
      isNew: false,
      job: { jobId: 'job_reused' },
    });
  });

  it('never lets more jobs be active than allowed, though twenty arrive at once', async () => {
    await addUser(test.database, 'user_3', 'project_3');
    const user = { userId: 'user_3', projectId: 'project_3', limits: { ...noLimits, jobsAtOnce: 3 } };
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        test.database.jobs.submit(newJob(`job_race_${number}`, user)),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(3);
    expect(outcomes.filter(({ kind }) => kind === 'too-many-active')).toHaveLength(17);
    expect(await test.database.accounts.usage('user_3', new Date())).toMatchObject({ activeJobs: 3 });
  });

  it('leaves nothing behind when it fails half-way', async () => {
    await expect(test.database.jobs.submit(newJob('job_a', { reuseActive: false }))).rejects.toMatchObject({
      code: 'INTERNAL',
    });
    await expect(test.database.jobs.submit(newJob('job_x', { projectId: 'none' }))).rejects.toThrow(
      'jobs/insert',
    );
    expect(await test.database.jobs.get('job_x')).toBeNull();
    await expect(test.database.jobs.submit(newJob('job_x', { userId: 'none' }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
