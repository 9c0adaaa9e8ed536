// The two workers of a job, control and media, with activities that the test gives.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { taskQueues } from '../../contract/names.ts';
import { provideWorkflowBundle } from '../../workers/workflow-bundle.ts';
import type { ControlActivities, MediaActivities } from '../../workflows/activity-types.ts';
import { silentSinks } from './silent-sinks.ts';

export type FilmWorkers = {
  readonly connection: NativeConnection;
  readonly activities: ControlActivities & MediaActivities;
  /** Where the media worker is to be another than the usual one. */
  readonly media?: Pick<WorkerOptions, 'maxConcurrentActivityTaskExecutions'>;
};

/** Both run while the body does. */
export async function withFilmWorkers<Result>(
  { connection, activities, media }: FilmWorkers,
  body: () => Promise<Result>,
): Promise<Result> {
  const shared = { connection, activities, maxHeartbeatThrottleInterval: '200ms' };
  const control = await Worker.create({
    ...shared,
    taskQueue: taskQueues.control,
    workflowBundle: await bundledWorkflows(),
    sinks: silentSinks,
  });
  const encoders = await Worker.create({ ...shared, ...media, taskQueue: taskQueues.media });
  return control.runUntil(encoders.runUntil(body));
}

/** Where workers that are not built keep theirs, too: one for each version of the code. */
export async function bundledWorkflows(): Promise<{ readonly codePath: string }> {
  return { codePath: await provideWorkflowBundle(join(tmpdir(), 'scenemill-bundles')) };
}
