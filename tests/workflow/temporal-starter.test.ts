import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { StartedJob } from '../../api/services.ts';
import { TemporalStarter } from '../../api/temporal-starter.ts';
import { ingestWorkflowId, renderWorkflowId } from '../../contract/names.ts';
import { freePort } from '../../tools/ports.ts';

// No worker runs here: workflows start and stay where they are.
let starter: TemporalStarter;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  const address = inject('temporalAddress');
  starter = new TemporalStarter(address, 'default');
  connection = await Connection.connect({ address });
  client = new Client({ connection });
});
afterAll(async () => {
  await starter.close();
  await connection.close();
});

let jobs = 0;
const newJob = (): StartedJob => {
  jobs += 1;
  return {
    jobId: `job_starter_${jobs}`,
    userId: 'user_1',
    projectId: 'project_1',
    plan: 'pro',
    traceParent: null,
    title: `A film with a title of ${'ü'.repeat(500)}`,
  };
};
const handleOf = ({ jobId }: StartedJob) => client.workflow.getHandle(renderWorkflowId(jobId));

describe('starting a job', () => {
  test('starts one workflow, however often it is asked for', async () => {
    const job = newJob();
    await Promise.all([starter.start(job), starter.start(job)]);
    const { runId, type, taskQueue, status } = await handleOf(job).describe();
    expect([type, taskQueue, status.name]).toEqual(['renderMovie', 'render-control', 'RUNNING']);
    await starter.start(job);
    expect((await handleOf(job).describe()).runId).toBe(runId);
  });

  test('leaves a job that has ended as it is', async () => {
    const job = newJob();
    await starter.start(job);
    await handleOf(job).terminate();
    await starter.start(job);
    expect((await handleOf(job).describe()).status.name).toBe('TERMINATED');
  });

  test('makes it findable by job, project and user', async () => {
    const job = newJob();
    await starter.start(job);
    const { typedSearchAttributes } = await handleOf(job).describe();
    const found = Object.fromEntries(
      typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(found).toMatchObject({ JobId: job.jobId, ProjectId: 'project_1', UserId: 'user_1' });
  });
});

describe('cancelling a job', () => {
  test('reaches its workflow', async () => {
    const job = newJob();
    await starter.start(job);
    expect(await starter.cancel(job.jobId)).toBe('requested');
    const { events } = await handleOf(job).fetchHistory();
    expect(events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes != null)).toBe(true);
  });

  test('of a job that Temporal does not know says so', async () => {
    expect(await starter.cancel('job_never_started')).toBe('unknown');
  });
});

describe('an ingest', () => {
  test('is waited for within its bound and goes on behind it', async () => {
    expect(await starter.ingest('asset_slow', 300)).toBe('running');
    const { status } = await client.workflow.getHandle(ingestWorkflowId('asset_slow')).describe();
    expect(status.name).toBe('RUNNING');
  });

  test('that cannot end well is told as out of reach', async () => {
    const waiting = starter.ingest('asset_lost', 30_000);
    const refused = expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const handle = client.workflow.getHandle(ingestWorkflowId('asset_lost'));
    await expect
      .poll(() =>
        handle.describe().then(
          ({ status }) => status.name,
          () => null,
        ),
      )
      .toBe('RUNNING');
    await handle.terminate();
    await refused;
  });
});

describe('a Temporal that is not there', () => {
  test('is told within the bound of a call', async () => {
    const nowhere = new TemporalStarter(`127.0.0.1:${await freePort()}`, 'default');
    const begin = performance.now();
    const calls = [
      nowhere.check(),
      nowhere.start(newJob()),
      nowhere.cancel('job_a'),
      nowhere.ingest('asset_a', 1000),
    ];
    const refused = { status: 'rejected', reason: { code: 'UNAVAILABLE', retryable: true } };
    expect(await Promise.allSettled(calls)).toMatchObject(calls.map(() => refused));
    expect(performance.now() - begin).toBeLessThan(10_000);
    await nowhere.close();
  });

  test('is answered where it is', async () => {
    await expect(starter.check()).resolves.toBeUndefined();
  });
});
