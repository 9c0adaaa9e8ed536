import { collectDefaultMetrics, Registry } from 'prom-client';

/** What a process tells Prometheus; begins with the process itself: CPU, memory, event loop, open files. */
export function createRegistry(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}

/** Upper bounds of histograms, in seconds, by what is measured. */
export const seconds = {
  /** Calls to servers. */
  calls: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
  /** FFmpeg at work, and waiting for a slot. */
  work: [0.05, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 180, 600, 1800],
  /** Whole films. */
  jobs: [1, 2, 5, 10, 30, 60, 180, 600, 1800, 3600, 14_400],
} as const satisfies Readonly<Record<string, readonly number[]>>;
