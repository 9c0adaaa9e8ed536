import type { InjectedSinks } from '@temporalio/worker';
import type { TelemetrySinks } from '../../workflows/telemetry-sink.ts';

/** For workers of tests that look at the workflow alone: what it tells its worker's telemetry goes nowhere. */
export const silentSinks: InjectedSinks<TelemetrySinks> = {
  telemetry: { ended: { fn: () => undefined } },
};
