// Sees to it that Temporal starts the housekeeping again and again, however many workers there are.
import { Client, ScheduleAlreadyRunning } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { houseScheduleId, taskQueues, workflowNames } from '../contract/names.ts';
import type { Settings } from '../contract/settings.ts';

/** Creates the schedule, or brings the one that is there up to date. */
export async function scheduleHousekeeping(connection: NativeConnection, settings: Settings): Promise<void> {
  const { schedule } = new Client({ connection, namespace: settings.TEMPORAL_NAMESPACE });
  const wanted = {
    spec: { intervals: [{ every: settings.HOUSEKEEPING_MINUTES * 60_000 }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: workflowNames.keepHouse,
      workflowId: houseScheduleId,
      taskQueue: taskQueues.control,
      args: [{ isDryRun: settings.HOUSEKEEPING === 'dry-run' }],
    },
    state: { paused: settings.HOUSEKEEPING === 'off' },
  };
  try {
    await schedule.create({
      scheduleId: houseScheduleId,
      ...wanted,
      // One at a time; what was missed while Temporal was away is not made up for.
      policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await schedule.getHandle(houseScheduleId).update((present) => ({ ...present, ...wanted }));
  }
}
