// Minutes and jobs at once under submissions that race, on a real Postgres.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MediaData } from '../../../contract/job.ts';
import type { NewJob, SubmitOutcome } from '../../../database/ports.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser, newJob, noLimits } from './fixtures.ts';

let test: TestDatabase;
let user: { userId: string; projectId: string };
let users = 0;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.remove());
beforeEach(async () => {
  users += 1;
  user = { userId: `user_${users}`, projectId: `project_${users}` };
  await addUser(test.database, user.userId, user.projectId);
});

const submit = (name: string, change: Partial<NewJob> = {}): Promise<SubmitOutcome> =>
  test.database.jobs.submit(newJob(`job_${users}_${name}`, { ...user, now: new Date(), ...change }));
const usage = () => test.database.accounts.usage(user.userId, new Date());
const count = (outcomes: readonly SubmitOutcome[], kind: SubmitOutcome['kind']): number =>
  outcomes.filter((outcome) => outcome.kind === kind).length;
const complete = (name: string, seconds: number): Promise<boolean> =>
  test.database.jobs.complete(`job_${users}_${name}`, {
    outputKey: 'outputs/none.mp4',
    // Only the duration is looked at.
    mediaData: { duration: seconds } as MediaData,
  });

describe('minutes', () => {
  it('of the last minute go to one of two submissions that race for it', async () => {
    const limits = { ...noLimits, minutesPerMonth: 1 };
    const outcomes = await Promise.all([submit('a', { limits }), submit('b', { limits })]);
    expect([count(outcomes, 'created'), count(outcomes, 'minutes-spent')]).toEqual([1, 1]);
    expect(outcomes).toContainEqual({ kind: 'minutes-spent', period: 'month', minutesLeft: 0 });
  });

  it('are never promised twice, though forty submissions race for ten', async () => {
    const change = { limits: { ...noLimits, minutesPerDay: 10 }, minutes: 0.75 };
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, number) => submit(String(number), change)),
    );
    expect([count(outcomes, 'created'), count(outcomes, 'minutes-spent')]).toEqual([13, 27]);
    expect(await usage()).toMatchObject({ minutesReserved: 9.75, activeJobs: 13 });
  });

  it('are held while a job is active, and booked once when it is done, however often that is told', async () => {
    await submit('a', { minutes: 2 });
    expect(await usage()).toMatchObject({ minutesReserved: 2, minutesThisMonth: 0 });
    const ends = await Promise.all(Array.from({ length: 10 }, () => complete('a', 90)));
    expect(ends.filter(Boolean)).toHaveLength(1);
    expect(await usage()).toEqual({
      minutesThisMonth: 1.5,
      minutesToday: 1.5,
      minutesReserved: 0,
      activeJobs: 0,
    });
    await test.database.jobs.remove(user.userId, `job_${users}_a`);
    expect(await usage()).toMatchObject({ minutesThisMonth: 1.5, minutesReserved: 0 });
  });

  it.each(['fail', 'cancel'] as const)(
    'are given back by a job that ends by %s, and by its removal not again',
    async (end) => {
      const limits = { ...noLimits, minutesPerMonth: 1 };
      const { jobs } = test.database;
      const jobId = `job_${users}_a`;
      await submit('a', { limits });
      const none = { hint: null, sceneId: null, sceneIndex: null, attempt: null, stderrTail: null };
      const error = { line: 'INTERNAL: x', detail: { code: 'INTERNAL', ...none } };
      const ends = [1, 2].map(() => (end === 'fail' ? jobs.fail(jobId, error) : jobs.cancel(jobId)));
      expect((await Promise.all(ends)).filter(Boolean)).toHaveLength(1);
      expect(await complete('a', 60)).toBe(false);
      expect(await usage()).toMatchObject({ minutesReserved: 0, minutesThisMonth: 0 });
      await jobs.remove(user.userId, jobId);
      expect(await usage()).toMatchObject({ minutesReserved: 0, minutesThisMonth: 0 });
      // The retry of a job is a new job.
      expect(await submit('retry', { limits })).toMatchObject({ kind: 'created' });
      expect(await complete('retry', 60)).toBe(true);
      expect(await usage()).toMatchObject({ minutesReserved: 0, minutesThisMonth: 1 });
    },
  );

  it('stay right while jobs end and others come', async () => {
    const limits = { ...noLimits, minutesPerMonth: 5 };
    const rounds = Array.from({ length: 30 }, async (_, number) => {
      const outcome = await submit(String(number), { limits });
      if (outcome.kind === 'created') await complete(String(number), 60);
      return outcome;
    });
    const outcomes = await Promise.all(rounds);
    expect(count(outcomes, 'created')).toBe(5);
    expect(await usage()).toMatchObject({ minutesThisMonth: 5, minutesReserved: 0, activeJobs: 0 });
  });

  it('that are not enough for the film are refused with what is left', async () => {
    const limits = { ...noLimits, minutesPerMonth: 10, minutesPerDay: 3 };
    await submit('a', { limits, minutes: 2.5 });
    expect(await submit('b', { limits, minutes: 1 })).toEqual({
      kind: 'minutes-spent',
      period: 'day',
      minutesLeft: 0.5,
    });
    expect(await submit('c', { limits, minutes: 0.5 })).toMatchObject({ kind: 'created' });
  });

  it('of yesterday do not count today, those of last month not this month', async () => {
    const limits = { ...noLimits, minutesPerMonth: 2, minutesPerDay: 1 };
    const book = (name: string, at: string) =>
      test.sql(`INSERT INTO usage_records VALUES ($<name>, $<userId>, 1, $<at>)`, { name, at, ...user });
    await book(`february ${users}`, '2026-02-28T23:59:59Z');
    await book(`yesterday ${users}`, '2026-03-14T23:59:59Z');
    const now = new Date('2026-03-15T00:00:01Z');
    expect(await submit('a', { limits, now })).toMatchObject({ kind: 'created' });
    await test.database.jobs.cancel(`job_${users}_a`);
    await book(`today ${users}`, '2026-03-15T00:00:00Z');
    expect(await submit('b', { limits, now })).toMatchObject({ kind: 'minutes-spent', period: 'month' });
    const nextMonth = new Date('2026-04-01T00:00:00Z');
    expect(await submit('c', { limits, now: nextMonth })).toMatchObject({ kind: 'created' });
  });
});

describe('idempotency keys', () => {
  const idempotency = { key: 'k', bodyHash: 'body' };

  it('make one job of fifty submissions at once, all with the same answer', async () => {
    const limits = { jobsAtOnce: 1, minutesPerMonth: 1, minutesPerDay: 1 };
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, number) =>
        submit(String(number), { idempotency, limits, reuseActive: false }),
      ),
    );
    expect([count(outcomes, 'created'), count(outcomes, 'repeated')]).toEqual([1, 49]);
    expect(new Set(outcomes.map((outcome) => 'job' in outcome && outcome.job.jobId)).size).toBe(1);
    expect(await usage()).toMatchObject({ activeJobs: 1, minutesReserved: 1 });
  });

  it('keep their answer though the job has moved on or was removed', async () => {
    await submit('a', { idempotency });
    const answer = { kind: 'repeated', isNew: true, job: { jobId: `job_${users}_a`, status: 'queued' } };
    await test.database.jobs.cancel(`job_${users}_a`);
    expect(await test.database.jobs.repetition(user.userId, idempotency)).toEqual(answer);
    await test.database.jobs.remove(user.userId, `job_${users}_a`);
    expect(await submit('b', { idempotency })).toEqual(answer);
    expect(await test.database.jobs.repetition('nobody', idempotency)).toBeNull();
  });

  it('of a day ago are forgotten, and swept away with the next submission', async () => {
    await submit('a', { idempotency });
    await test.sql(
      `UPDATE idempotency_keys SET created_at = now() - interval '24 hours' WHERE user_id = $<userId>`,
      user,
    );
    expect(await test.database.jobs.repetition(user.userId, idempotency)).toBeNull();
    await submit('b', { idempotency: { key: 'other', bodyHash: 'body' }, reuseActive: false });
    const kept = await test.sql(`SELECT key FROM idempotency_keys WHERE user_id = $<userId>`, user);
    expect(kept).toEqual([{ key: 'other' }]);
  });

  it('are recorded with the job or not at all', async () => {
    await expect(submit('a', { idempotency, projectId: 'none' })).rejects.toThrow('jobs/insert');
    expect(await test.database.jobs.repetition(user.userId, idempotency)).toBeNull();
  });
});
