import { Histogram, type Registry } from 'prom-client';
import { seconds } from './registry.ts';

/** One call to the object store. */
export type StoreCall = {
  readonly operation: string;
  readonly outcome: 'ok' | 'not_found' | 'aborted' | 'error';
  readonly seconds: number;
};

/** Counts the calls to the store: how many, how long, how they ended. */
export function countStoreCalls(registry: Registry): (call: StoreCall) => void {
  const calls = new Histogram({
    name: 'scenemill_store_call_seconds',
    help: 'Calls to the object store, by operation and outcome.',
    labelNames: ['operation', 'outcome'],
    buckets: [...seconds.calls],
    registers: [registry],
  });
  return ({ operation, outcome, seconds: duration }) => calls.observe({ operation, outcome }, duration);
}
