import { beforeEach, describe, expect, test, vi } from 'vitest';
import { OutboxLoop, sweepOutbox } from '../../../api/outbox-loop.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';

let api: FakeApi;
const { signal } = new AbortController();

beforeEach(async () => {
  api = await createFakeApi();
});

function accept(jobId: string, status: 'queued' | 'cancelled' = 'queued'): void {
  api.jobs.add({ jobId, userId: 'user_anna', projectId: 'project_anna', status });
  api.jobs.unsent.add(jobId);
}

const started = (): string[] => api.temporal.started.map(({ jobId }) => jobId);

describe('a sweep of the outbox', () => {
  test('starts what was accepted and not started', async () => {
    accept('job_a');
    accept('job_b');
    expect(await sweepOutbox(api.services, signal)).toBe(true);
    expect(started()).toEqual(['job_a', 'job_b']);
    expect(api.jobs.unsent.size).toBe(0);
  });

  test('keeps what could not be started', async () => {
    accept('job_a');
    api.temporal.isAway = true;
    expect(await sweepOutbox(api.services, signal)).toBe(false);
    expect([...api.jobs.unsent]).toEqual(['job_a']);
  });

  test('goes on behind a job that cannot be started', async () => {
    accept('job_poison');
    accept('job_b');
    const start = api.temporal.start.bind(api.temporal);
    vi.spyOn(api.temporal, 'start').mockImplementation((job) =>
      job.jobId === 'job_poison' ? Promise.reject(new Error('no')) : start(job),
    );
    expect(await sweepOutbox(api.services, signal)).toBe(false);
    expect(started()).toEqual(['job_b']);
  });

  test('starts no job that was cancelled or removed before', async () => {
    accept('job_a', 'cancelled');
    api.jobs.unsent.add('job_gone');
    expect(await sweepOutbox(api.services, signal)).toBe(true);
    expect(started()).toEqual([]);
    expect(api.jobs.unsent.size).toBe(0);
  });

  test('survives a database that is away', async () => {
    vi.spyOn(api.jobs, 'pending').mockRejectedValueOnce(new Error('away'));
    expect(await sweepOutbox(api.services, signal)).toBe(false);
  });

  test('repeats a start whose note was lost: Temporal is told twice, the row once', async () => {
    accept('job_a');
    vi.spyOn(api.jobs, 'markStarted').mockRejectedValueOnce(new Error('away'));
    expect(await sweepOutbox(api.services, signal)).toBe(false);
    expect(await sweepOutbox(api.services, signal)).toBe(true);
    expect(started()).toEqual(['job_a', 'job_a']);
    expect(api.jobs.unsent.size).toBe(0);
  });
});

describe('the outbox loop', () => {
  test('starts what the process before it left, and stops when told', async () => {
    accept('job_a');
    const loop = new OutboxLoop(api.services);
    loop.start();
    await vi.waitFor(() => expect(started()).toEqual(['job_a']));
    await loop.stop();
    accept('job_b');
    expect([...api.jobs.unsent]).toEqual(['job_b']);
  });

  test('comes back after Temporal did', async () => {
    accept('job_a');
    api.temporal.isAway = true;
    const loop = new OutboxLoop(api.services);
    loop.start();
    await vi.waitFor(() => expect(api.logged.join()).toContain('could not be started yet'));
    api.temporal.isAway = false;
    await vi.waitFor(() => expect(started()).toEqual(['job_a']), { timeout: 5_000 });
    await loop.stop();
  });
});
