// Serves the queues until the process is told to stop, and then lets go of everything, whatever still hangs.
import type { NativeConnection, Worker } from '@temporalio/worker';
import type { Settings } from '../contract/settings.ts';
import { withinDeadline } from '../storage/deadline.ts';
import { startStatusServer } from '../telemetry/status-server.ts';
import type { WorkerServices } from './create-services.ts';
import { keepSwept } from './keep-swept.ts';
import type { WorkerTelemetry } from './worker-telemetry.ts';

/** 0: all work was finished or handed back; 1: a worker failed, or work was cut off. */
export type ExitCode = 0 | 1;

type Held = {
  readonly services: WorkerServices;
  readonly connection: NativeConnection;
  readonly telemetry: WorkerTelemetry;
};

/** For all that is closed at the end, together. */
const closeMsMax = 3_000;

export async function runWorkers(
  workers: readonly Worker[],
  { HEALTH_PORT: port, HEALTH_HOST: host }: Settings,
  held: Held,
): Promise<ExitCode> {
  const { log, metrics, tracer } = held.telemetry;
  const isReady = (): boolean => workers.every((worker) => worker.getState() === 'RUNNING');
  const { registry } = metrics;
  const status = port === 0 ? null : await startStatusServer({ port, host, isReady, registry });
  if (status !== null) log.info({ host, port: status.port }, 'health and metrics');
  const stopSweeping = keepSwept(held.services, log);
  const code = await runTogether(workers, log);
  stopSweeping();
  const close = async (): Promise<void> => {
    await status?.close();
    await tracer?.close();
    await held.services.close();
    await held.connection.close();
  };
  await withinDeadline(close(), closeMsMax, undefined).catch((error: unknown) => {
    log.warn({ err: error }, 'not everything could be closed');
  });
  return code;
}

/** One that fails takes the others with it, in order: half a worker would look like a whole one. */
async function runTogether(workers: readonly Worker[], log: WorkerTelemetry['log']): Promise<ExitCode> {
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
      log.error({ err: error }, 'worker failed');
      for (const other of workers) if (other.getState() === 'RUNNING') other.shutdown();
      throw error;
    }),
  );
  const ends = await Promise.allSettled(runs);
  return ends.every(({ status }) => status === 'fulfilled') ? 0 : 1;
}
