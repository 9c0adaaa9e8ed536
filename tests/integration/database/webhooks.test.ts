import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MediaData } from '../../../contract/job.ts';
import type { AttemptOutcome, DueDelivery } from '../../../database/webhook-ports.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser, newScenes, submission, submit } from './fixtures.ts';

const DAY_MS = 24 * 3_600_000;
const callbackUrl = 'https://hooks.example.org/render?token=1';
const told = { submission: { ...submission, callbackUrl } };
const mediaData: MediaData = {
  duration: 90,
  width: 64,
  height: 36,
  fileSize: 1000,
  fps: 30,
  videoCodec: 'h264',
  audioCodec: 'aac',
  sha256: 'ab',
};
const result = { outputKey: 'outputs/x/output.mp4', mediaData };
const bounds = { limit: 1_000, perUserMax: 1_000, leaseMs: 30_000 };

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await addUser(test.database);
  await addUser(test.database, 'user_2', 'project_2');
});
afterAll(() => test.remove());
/** What other tests left would fall due on a slow machine and take a user's places. */
beforeEach(() => test.sql(`UPDATE webhook_deliveries SET next_attempt_at = now() + interval '1 d'`));

async function ended(jobId: string, change: Partial<Parameters<typeof submit>[2]> = {}): Promise<void> {
  await submit(test.database, jobId, { ...told, ...change });
  await test.database.jobs.cancel(jobId);
}

async function claim(jobId: string): Promise<DueDelivery | undefined> {
  return (await test.database.webhookQueue.claim(bounds)).find((due) => due.jobId === jobId);
}

function outcome(due: DueDelivery, change: Partial<AttemptOutcome> = {}): AttemptOutcome {
  const { deliveryId, attempt } = due;
  return {
    deliveryId,
    attempt,
    startedAt: new Date(),
    durationMs: 5,
    httpStatus: 500,
    error: 'It answered 500.',
    isDelivered: false,
    pauseMs: 60_000,
    retryMs: DAY_MS,
    ...change,
  };
}

const find = (jobId: string) => test.database.webhooks.find('user_1', `msg_${jobId}`);

describe('the end of a job', () => {
  it('is written down to be told, with what it was', async () => {
    const { jobs } = test.database;
    await submit(test.database, 'job_done', told);
    await jobs.createScenes('job_done', newScenes('job_done', 3));
    await jobs.complete('job_done', result);
    expect(await claim('job_done')).toMatchObject({
      deliveryId: 'msg_job_done',
      userId: 'user_1',
      url: callbackUrl,
      status: 'done',
      progress: 1,
      children: { total: 3, succeeded: 3, failed: 0 },
      mediaData,
      error: null,
      attempt: 1,
      retry: 1,
      outputKey: result.outputKey,
    });
    await submit(test.database, 'job_failed', told);
    const detail = {
      code: 'INTERNAL',
      hint: null,
      sceneId: null,
      sceneIndex: null,
      attempt: 1,
      stderrTail: null,
    };
    await jobs.fail('job_failed', { line: 'INTERNAL: it broke', detail });
    expect(await claim('job_failed')).toMatchObject({
      status: 'failed',
      error: 'INTERNAL: it broke',
      mediaData: null,
    });
    await ended('job_cancelled');
    expect(await claim('job_cancelled')).toMatchObject({ status: 'cancelled', error: null, outputKey: null });
  });

  it('is told of once, whoever wins when it is done and cancelled at once', async () => {
    const ids = Array.from({ length: 100 }, (_, number) => `job_race_${number}`);
    for (const jobId of ids) {
      await submit(test.database, jobId, told);
      const { jobs } = test.database;
      const wins = await Promise.all([jobs.complete(jobId, result), jobs.cancel(jobId), jobs.cancel(jobId)]);
      expect(wins.filter(Boolean)).toHaveLength(1);
      const rows = await test.sql<{ event: string; status: string }>(
        'SELECT event, jobs.status FROM webhook_deliveries JOIN jobs USING (job_id) WHERE job_id = $<jobId>',
        { jobId },
      );
      expect(rows).toHaveLength(1);
      expect(rows[0]?.event).toBe(rows[0]?.status);
    }
  });

  it('is told to nobody where nobody listens', async () => {
    await submit(test.database, 'job_quiet');
    await test.database.jobs.cancel('job_quiet');
    expect(await find('job_quiet')).toBeNull();
  });

  it('is not written down where the job did not end', async () => {
    await submit(test.database, 'job_torn', told);
    await test.sql(
      `ALTER TABLE webhook_deliveries ADD CONSTRAINT torn CHECK (job_id <> 'job_torn') NOT VALID`,
    );
    await expect(test.database.jobs.complete('job_torn', result)).rejects.toMatchObject({ code: 'INTERNAL' });
    await test.sql('ALTER TABLE webhook_deliveries DROP CONSTRAINT torn');
    // One transaction: the job is as active as before, and no minutes are booked.
    expect(await test.database.jobs.get('job_torn')).toMatchObject({ status: 'queued', outputKey: null });
    expect(await test.sql(`SELECT FROM usage_records WHERE job_id = 'job_torn'`)).toEqual([]);
  });

  it('is told of a job that was removed meanwhile, without its film', async () => {
    await submit(test.database, 'job_removed', told);
    await test.database.jobs.complete('job_removed', result);
    await test.database.jobs.remove('user_1', 'job_removed');
    expect(await claim('job_removed')).toMatchObject({ status: 'done', outputKey: null, mediaData });
  });
});

describe('a delivery that is due', () => {
  it('goes to one of those who ask at once', async () => {
    const ids = Array.from({ length: 20 }, (_, number) => `job_shared_${number}`);
    for (const jobId of ids) await ended(jobId);
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => test.database.webhookQueue.claim({ ...bounds, limit: 7 })),
    );
    const claimed = claims.flat().map(({ jobId }) => jobId);
    expect(new Set(claimed).size).toBe(claimed.length);
    const rest = await test.database.webhookQueue.claim(bounds);
    expect(new Set([...claimed, ...rest.map(({ jobId }) => jobId)])).toEqual(new Set([...claimed, ...ids]));
  });

  it('comes back when whoever had it is gone', async () => {
    await ended('job_lost');
    expect(await claim('job_lost')).toMatchObject({ attempt: 1 });
    expect(await claim('job_lost')).toBeUndefined();
    await test.sql(
      `UPDATE webhook_deliveries SET leased_until = now() - interval '1 s' WHERE job_id = 'job_lost'`,
    );
    expect(await claim('job_lost')).toMatchObject({ attempt: 2, deliveryId: 'msg_job_lost' });
  });

  it("leaves place for others' where one user has many", async () => {
    await test.sql(`UPDATE webhook_deliveries SET status = 'failed'`);
    for (let number = 0; number < 10; number += 1) await ended(`job_many_${number}`);
    const { submission: document } = told;
    await ended('job_few', {
      userId: 'user_2',
      projectId: 'project_2',
      submission: { ...document, projectId: 'project_2' },
    });
    const first = await test.database.webhookQueue.claim({ ...bounds, perUserMax: 3 });
    expect(first.filter(({ userId }) => userId === 'user_1')).toHaveLength(3);
    expect(first.map(({ jobId }) => jobId)).toContain('job_few');
    // Those under way count.
    expect(await test.database.webhookQueue.claim({ ...bounds, perUserMax: 3 })).toEqual([]);
  });

  it('waits for a progress event under way, so that the end comes last', async () => {
    const { jobs, webhookQueue: queue } = test.database;
    await submit(test.database, 'job_ordered', told);
    await jobs.enterPhase('job_ordered', 'running', 'planning', 'loading_project');
    const [progress] = await queue.claimProgress({ ...bounds, pauseMs: 6_000 });
    expect(progress).toMatchObject({ jobId: 'job_ordered', status: 'running', phase: 'planning', count: 1 });
    await jobs.complete('job_ordered', result);
    expect(await claim('job_ordered')).toBeUndefined();
    await queue.settleProgress({ jobId: 'job_ordered', count: 1, pauseMs: 0 });
    expect(await claim('job_ordered')).toMatchObject({ status: 'done' });
  });
});

describe('the outcome of an attempt', () => {
  it('is listed, and decides when the next one is', async () => {
    const { webhookQueue: queue, webhooks } = test.database;
    await ended('job_retried');
    const due = await claim('job_retried');
    await queue.settle(outcome(due!));
    const retried = await find('job_retried');
    expect(retried).toMatchObject({
      status: 'pending',
      event: 'cancelled',
      attemptCount: 1,
      deliveredAt: null,
    });
    expect(retried?.attempts).toMatchObject([
      { number: 1, durationMs: 5, httpStatus: 500, error: 'It answered 500.' },
    ]);
    expect(retried!.nextAttemptAt!.getTime() - Date.now()).toBeGreaterThan(50_000);
    expect(await claim('job_retried')).toBeUndefined();
    await test.sql(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE job_id = 'job_retried'`);
    await queue.settle(
      outcome((await claim('job_retried'))!, { isDelivered: true, httpStatus: 204, error: null }),
    );
    expect(await find('job_retried')).toMatchObject({
      status: 'delivered',
      attemptCount: 2,
      nextAttemptAt: null,
    });
    const filter = { jobId: 'job_retried', status: null, limit: 5, cursor: null };
    expect((await webhooks.list('user_1', filter)).deliveries).toHaveLength(1);
    expect((await webhooks.list('user_2', filter)).deliveries).toEqual([]);
    expect(await webhooks.find('user_2', 'msg_job_retried')).toBeNull();
  });

  it('is a last one when a day has passed, and not before', async () => {
    const { webhookQueue: queue } = test.database;
    await ended('job_day');
    await test.sql(
      `UPDATE webhook_deliveries SET retried_since = now() - interval '23 h 50 min' WHERE job_id = 'job_day'`,
    );
    await queue.settle(outcome((await claim('job_day'))!, { pauseMs: 3_600_000 }));
    const late = await find('job_day');
    expect(late?.status).toBe('pending');
    // At the very end of the day, not an hour from now.
    expect(Math.round((late!.nextAttemptAt!.getTime() - Date.now()) / 60_000)).toBe(10);
    await test.sql(
      `UPDATE webhook_deliveries SET next_attempt_at = now(), retried_since = now() - interval '24 h' WHERE job_id = 'job_day'`,
    );
    await queue.settle(outcome((await claim('job_day'))!));
    expect(await find('job_day')).toMatchObject({ status: 'failed', nextAttemptAt: null, attemptCount: 2 });
  });

  it('is settled whatever the receiver sent to be quoted', async () => {
    await ended('job_quoted');
    await test.database.webhookQueue.settle(outcome((await claim('job_quoted'))!, { error: 'a\u0000b' }));
    expect(await find('job_quoted')).toMatchObject({ attempts: [{ number: 1, error: 'ab' }] });
  });

  it('of an overtaken attempt counts where it was a success, not where it failed', async () => {
    const { webhookQueue: queue } = test.database;
    for (const jobId of ['job_late_no', 'job_late_yes']) {
      await ended(jobId);
      const first = (await claim(jobId))!;
      await test.sql('UPDATE webhook_deliveries SET leased_until = NULL WHERE job_id = $<jobId>', { jobId });
      const second = (await claim(jobId))!;
      const isDelivered = jobId === 'job_late_yes';
      await queue.settle(outcome(first, { isDelivered, error: isDelivered ? null : 'cut' }));
      const still = isDelivered ? 'delivered' : 'pending';
      expect(await find(jobId)).toMatchObject({ status: still, attemptCount: 2 });
      // The second is still being sent.
      expect(await claim(jobId)).toBeUndefined();
      await queue.settle(outcome(second));
      expect((await find(jobId))?.status).toBe(still);
    }
  });

  it('is kept of the last fifty attempts', async () => {
    const { webhookQueue: queue } = test.database;
    await ended('job_often');
    for (let number = 1; number <= 53; number += 1) {
      await test.sql(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE job_id = 'job_often'`);
      await queue.settle(outcome((await claim('job_often'))!));
    }
    const numbers = (await find('job_often'))!.attempts.map(({ number }) => number);
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([50, 4, 53]);
  });
});

describe('sending again', () => {
  it('is at once, under the same id, with all retries before it', async () => {
    const { webhookQueue: queue, webhooks } = test.database;
    await ended('job_again');
    await queue.settle(outcome((await claim('job_again'))!, { isDelivered: true, error: null }));
    expect(await webhooks.resend('user_2', 'msg_job_again')).toBe(false);
    expect(await claim('job_again')).toBeUndefined();
    expect(await webhooks.resend('user_1', 'msg_job_again')).toBe(true);
    expect(await claim('job_again')).toMatchObject({ deliveryId: 'msg_job_again', attempt: 2, retry: 1 });
  });

  it('is at once however soon one asks', async () => {
    await ended('job_at_once');
    for (let attempt = 1; attempt <= 200; attempt += 1) {
      await test.database.webhooks.resend('user_1', 'msg_job_at_once');
      expect(await claim('job_at_once'), String(attempt)).toMatchObject({ attempt, retry: 1 });
      await test.sql(`UPDATE webhook_deliveries SET leased_until = NULL WHERE job_id = 'job_at_once'`);
    }
  });
});

describe('old deliveries', () => {
  it('are removed with their attempts when they have ended; pending ones stay', async () => {
    const { webhookQueue: queue } = test.database;
    for (const jobId of ['job_old', 'job_new', 'job_waiting']) await ended(jobId);
    for (const jobId of ['job_old', 'job_new']) {
      await test.sql(
        'UPDATE webhook_deliveries SET next_attempt_at = now(), leased_until = NULL WHERE job_id = $<jobId>',
        { jobId },
      );
      await queue.settle(outcome((await claim(jobId))!, { isDelivered: true, error: null }));
    }
    await test.sql(
      `UPDATE webhook_deliveries SET retried_since = now() - interval '31 d' WHERE job_id IN ('job_old', 'job_waiting')`,
    );
    expect(await queue.removeOld(30)).toBe(true);
    expect(await find('job_old')).toBeNull();
    expect(await find('job_new')).not.toBeNull();
    expect(await find('job_waiting')).toMatchObject({ status: 'pending' });
  });
});

describe('progress of a job', () => {
  it('is told while it runs, not before and not after, at its own pace', async () => {
    const { jobs, webhookQueue: queue } = test.database;
    const next = async (): Promise<number[]> =>
      (await queue.claimProgress({ ...bounds, pauseMs: 6_000 }))
        .filter(({ jobId }) => jobId === 'job_running')
        .map(({ count }) => count);
    const rewind = () =>
      test.sql(`UPDATE webhook_listeners SET next_progress_at = now() WHERE job_id = 'job_running'`);
    await submit(test.database, 'job_running', told);
    expect(await next()).toEqual([]);
    await jobs.enterPhase('job_running', 'running', 'planning', 'loading_project');
    expect(await next()).toEqual([1]);
    expect(await next()).toEqual([]);
    await rewind();
    expect(await next()).toEqual([2]);
    await queue.settleProgress({ jobId: 'job_running', count: 2, pauseMs: 60_000 });
    const [listener] = await test.sql<{ next: Date }>(
      `SELECT next_progress_at AS next FROM webhook_listeners WHERE job_id = 'job_running'`,
    );
    expect(listener!.next.getTime() - Date.now()).toBeGreaterThan(50_000);
    await rewind();
    await jobs.cancel('job_running');
    expect(await next()).toEqual([]);
  });
});

describe('the secret of a user', () => {
  it('is a number that grows with each new one', async () => {
    const { webhooks } = test.database;
    expect(await webhooks.secret('user_1')).toBeNull();
    expect((await webhooks.renewSecret('user_1')).generation).toBe(1);
    expect((await webhooks.renewSecret('user_1')).generation).toBe(2);
    expect((await webhooks.secret('user_1'))?.generation).toBe(2);
    expect(await webhooks.secret('user_2')).toBeNull();
  });
});
