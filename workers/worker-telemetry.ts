import type { Settings } from '../contract/settings.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { createTracer, type Tracer } from '../telemetry/tracer.ts';
import { createWorkerMetrics, type WorkerMetrics } from './worker-metrics.ts';

/** How a worker tells what it does. */
export type WorkerTelemetry = {
  readonly log: Log;
  readonly metrics: WorkerMetrics;
  /** Null where no endpoint is set. */
  readonly tracer: Tracer | null;
};

export async function createWorkerTelemetry(settings: Settings): Promise<WorkerTelemetry> {
  return {
    log: createLog({ LOG_LEVEL: settings.LOG_LEVEL, name: 'worker' }),
    metrics: createWorkerMetrics(),
    tracer: await createTracer(settings, 'scenemill-worker'),
  };
}
