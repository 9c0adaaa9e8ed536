import { NativeConnection } from '@temporalio/worker';
import type { Settings } from '../contract/settings.ts';
import { withinDeadline } from '../storage/deadline.ts';
import { type Waiting, waitForServer } from '../telemetry/wait-for-server.ts';
import { scheduleHousekeeping } from './housekeeping-schedule.ts';

/** For one attempt; a server that accepts and says nothing is not there. */
const attemptMsMax = 10_000;

/**
 * Waits until Temporal answers and has our namespace, and sees to the schedule of housekeeping where this worker is to. All of
 * it may fail for a while after the server's start: it listens before its parts have found each other.
 */
export function connectTemporal(
  settings: Settings,
  { isControl }: { readonly isControl: boolean },
  waiting: Waiting,
): Promise<NativeConnection> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = settings;
  return waitForServer(
    {
      name: 'Temporal',
      at: `${address}, namespace ${namespace}`,
      advice: 'Start Temporal, or set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE to where it is.',
      connect: async () => {
        const connecting = NativeConnection.connect({ address });
        const connection = await withinDeadline(connecting, attemptMsMax, undefined);
        try {
          await withinDeadline(prepare(connection), attemptMsMax, undefined);
        } catch (error) {
          await connection.close();
          throw error;
        }
        return connection;
      },
      mayPass: () => true,
    },
    waiting,
  );

  async function prepare(connection: NativeConnection): Promise<void> {
    await connection.workflowService.describeNamespace({ namespace });
    if (isControl) await scheduleHousekeeping(connection, settings);
  }
}
