import { beforeEach, describe, expect, test, vi } from 'vitest';
import { reconcileJobs } from '../../../api/reconcile-jobs.ts';
import type { WorkflowState } from '../../../api/services.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';

let api: FakeApi;
const round = { signal: new AbortController().signal };

beforeEach(async () => {
  api = await createFakeApi();
});

function atWork(jobId: string, state: WorkflowState): void {
  api.jobs.add({ jobId, userId: 'user_anna', projectId: 'project_anna', status: 'running' });
  api.temporal.states.set(jobId, state);
  api.store.objects.set(`intermediates/${jobId}/scene_0.mp4`, Buffer.from('clip'));
  api.store.objects.set(`outputs/${jobId}/output.mp4`, Buffer.from('film'));
}

const status = (jobId: string) => api.jobs.rows.get(jobId)?.status;

describe('a quiet job', () => {
  test('is left alone while its workflow runs', async () => {
    atWork('job_a', 'running');
    expect(await reconcileJobs(api.services, round)).toBe(0);
    expect(status('job_a')).toBe('running');
    expect(api.store.objects.size).toBe(2);
  });

  test('fails with advice where its workflow ended without a result, and leaves no object', async () => {
    atWork('job_a', 'ended');
    expect(await reconcileJobs(api.services, round)).toBe(1);
    expect(api.jobs.rows.get('job_a')).toMatchObject({
      status: 'failed',
      errorDetail: { hint: 'Retry the job.' },
    });
    expect([...api.store.objects.keys()]).toEqual([]);
  });

  test('is cancelled where its workflow was', async () => {
    atWork('job_a', 'cancelled');
    await reconcileJobs(api.services, round);
    expect(status('job_a')).toBe('cancelled');
    expect([...api.store.objects.keys()]).toEqual([]);
  });

  test('is started again where Temporal has lost it', async () => {
    atWork('job_a', 'unknown');
    expect(await reconcileJobs(api.services, round)).toBe(1);
    expect(api.temporal.started.map(({ jobId }) => jobId)).toEqual(['job_a']);
    expect(status('job_a')).toBe('running');
  });

  test('keeps a result that came between the two looks', async () => {
    atWork('job_a', 'ended');
    vi.spyOn(api.jobs, 'fail').mockImplementation((jobId) => {
      api.jobs.add({ jobId, userId: 'user_anna', projectId: 'project_anna', status: 'done' });
      return Promise.resolve(false);
    });
    await reconcileJobs(api.services, round);
    expect([...api.store.objects.keys()]).toEqual(['outputs/job_a/output.mp4']);
  });

  test('does not hold up the next where it cannot be looked at', async () => {
    atWork('job_a', 'ended');
    atWork('job_b', 'ended');
    const look = api.temporal.look.bind(api.temporal);
    vi.spyOn(api.temporal, 'look').mockImplementation((jobId) =>
      jobId === 'job_a' ? Promise.reject(new Error('away')) : look(jobId),
    );
    expect(await reconcileJobs(api.services, round)).toBe(1);
    expect(status('job_b')).toBe('failed');
  });
});
