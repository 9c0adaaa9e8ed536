// What an operator sees in Temporal's UI, read the way the UI reads it.
import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { TemporalStarter } from '../../api/temporal-starter.ts';
import { renderWorkflowId } from '../../contract/names.ts';
import { type FakeFilm, FilmLog, fakeActivities, plainFilm, sceneFailure } from '../support/fake-film.ts';
import { withFilmWorkers } from '../support/film-workers.ts';

let connection: NativeConnection;
let clientConnection: Connection;
let starter: TemporalStarter;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  const address = inject('temporalAddress');
  connection = await NativeConnection.connect({ address });
  clientConnection = await Connection.connect({ address });
  starter = new TemporalStarter(address, 'default');
});
afterAll(async () => {
  await starter.close();
  await clientConnection.close();
  await connection.close();
});

type Seen = { readonly handle: WorkflowHandle; readonly jobId: string };

async function withJob(film: Partial<FakeFilm>, look: (seen: Seen) => Promise<void>): Promise<void> {
  const activities = fakeActivities({ ...plainFilm, ...film }, new FilmLog());
  const client = new Client({ connection: clientConnection });
  await withFilmWorkers({ connection, activities }, async () => {
    const jobId = `job_${randomUUID()}`;
    const known = { userId: 'user_1', projectId: 'project_1', title: 'Quarterly film' };
    await starter.start({ jobId, ...known, plan: 'pro', traceParent: null });
    await look({ jobId, handle: client.workflow.getHandle(renderWorkflowId(jobId)) });
  });
}

async function details(handle: WorkflowHandle): Promise<string> {
  const answer = await handle.query<{ readonly currentDetails?: string }>('__temporal_workflow_metadata');
  return answer.currentDetails ?? '';
}

/** The summaries of what was scheduled, by the kind of event. */
async function summaries(handle: WorkflowHandle): Promise<{ activities: string[]; timers: string[] }> {
  const { events } = await handle.fetchHistory();
  const found: { activities: string[]; timers: string[] } = { activities: [], timers: [] };
  for (const event of events ?? []) {
    const payload = event.userMetadata?.summary;
    const text = payload == null ? '' : String(defaultPayloadConverter.fromPayload(payload));
    if (event.activityTaskScheduledEventAttributes != null) found.activities.push(text);
    if (event.timerStartedEventAttributes != null) found.timers.push(text);
  }
  return found;
}

describe('a running job', () => {
  it('says how many scenes are done and what is still to come', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const scene = (index: number): Promise<void> => (index === 3 ? held : Promise.resolve());
    await withJob({ scenes: 4, scene }, async ({ handle }) => {
      await vi.waitFor(async () => expect(await details(handle)).toContain('3 of 4 done'), {
        timeout: 10_000,
      });
      expect(await details(handle)).toContain('rendering');
      release();
      await handle.result();
      expect(await details(handle)).toContain('4 of 4 done');
    });
  });

  it('names the scene that failed it', async () => {
    const scene = (index: number): Promise<void> =>
      index === 1 ? Promise.reject(sceneFailure('intro', false)) : Promise.resolve();
    await withJob({ scenes: 3, scene }, async ({ handle }) => {
      await handle.result().catch(() => undefined);
      expect(await details(handle)).toContain('failing: scene 2 of 3 · scene-1 · 1.0 s');
    });
  });

  it('can be searched by job, project, user and phase', async () => {
    await withJob({}, async ({ handle, jobId }) => {
      await handle.result();
      const { typedSearchAttributes } = await handle.describe();
      const found = Object.fromEntries(
        typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
      );
      expect(found).toMatchObject({
        JobId: jobId,
        ProjectId: 'project_1',
        UserId: 'user_1',
        Phase: 'uploading',
      });
    });
  });
});

describe('the history of a job', () => {
  it('has a summary on every activity and on its timer', async () => {
    await withJob({ scenes: 2, sounds: [0] }, async ({ handle }) => {
      await handle.result();
      const { activities, timers } = await summaries(handle);
      expect(activities).not.toContain('');
      expect(activities).toEqual(
        expect.arrayContaining(['scene 1 of 2 · scene-0 · 1.0 s', 'scene 2 of 2 · scene-1 · 1.0 s']),
      );
      expect(timers).toEqual(["the job's time limit"]);
    });
  });

  it('shares the workers by user, and gives a plan its weight', async () => {
    await withJob({ scenes: 1 }, async ({ handle }) => {
      await handle.result();
      const { events } = await handle.fetchHistory();
      const started = events?.find((event) => event.workflowExecutionStartedEventAttributes != null);
      expect(started?.workflowExecutionStartedEventAttributes?.priority).toMatchObject({
        fairnessKey: 'user_1',
        fairnessWeight: 2,
      });
    });
  });
});
