import { setTimeout as sleep } from 'node:timers/promises';
import { reconcileJobs } from './reconcile-jobs.ts';
import type { ApiServices } from './services.ts';
import { startJob } from './start-job.ts';

const SWEEP_MS = 1_000;
/** The longest pause between two sweeps while Temporal or the database is away. */
const SWEEP_MS_MAX = 5_000;
const JOBS_PER_SWEEP_MAX = 100;
/** Between two comparisons of quiet jobs with Temporal. */
const RECONCILE_MS = 30_000;

type LoopServices = Pick<ApiServices, 'jobs' | 'outbox' | 'temporal' | 'store' | 'log'>;
type OutboxServices = Omit<LoopServices, 'store'>;

/** Starts every accepted job that Temporal has not heard of, so that none is lost with the process that accepted it. */
export class OutboxLoop {
  readonly #services: LoopServices;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(services: LoopServices) {
    this.#services = services;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when the sweep under way has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let pauseMs = SWEEP_MS;
    let reconciledMs = performance.now();
    while (!signal.aborted) {
      const isClean = await sweepOutbox(this.#services, signal);
      if (isClean && performance.now() - reconciledMs >= RECONCILE_MS) {
        await reconcileJobs(this.#services, { signal }).catch((error: unknown) => {
          this.#services.log.warn({ err: error }, 'the quiet jobs could not be read');
        });
        reconciledMs = performance.now();
      }
      pauseMs = isClean ? SWEEP_MS : Math.min(pauseMs * 2, SWEEP_MS_MAX);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Tries each pending job once; whether all of them could be started. One that fails does not hold up the next. */
export async function sweepOutbox(services: OutboxServices, signal: AbortSignal): Promise<boolean> {
  let isClean = true;
  try {
    for (const { jobId } of await services.outbox.pending(JOBS_PER_SWEEP_MAX)) {
      if (signal.aborted) break;
      isClean = (await tryStart(services, jobId)) && isClean;
    }
  } catch (error) {
    services.log.warn({ err: error }, 'the outbox could not be read');
    return false;
  }
  return isClean;
}

/** The attempt right after a job was accepted, and each one of a sweep. Never throws: the row stays pending. */
export async function tryStart(services: OutboxServices, jobId: string): Promise<boolean> {
  try {
    await startJob(services, jobId);
    return true;
  } catch (error) {
    services.log.warn({ err: error, jobId }, 'a job could not be started yet');
    return false;
  }
}
