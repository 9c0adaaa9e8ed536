import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimBounds } from '../../database/webhook-ports.ts';
import { ATTEMPT_MS_MAX, type SendServices, sendFinal, sendProgress } from './send-event.ts';

const SWEEP_MS = 1_000;
/** The longest pause between two sweeps while the database is away. */
const SWEEP_MS_MAX = 5_000;
const REMOVE_OLD_EVERY_MS = 3_600_000;
/** Where there are more than go at once. */
const REMOVE_MORE_AFTER_MS = 60_000;
/** At once by one process; one user's receivers hold a share of them at most. Progress never takes the place of an end. */
const FINALS_MAX = 32;
const FINALS_PER_USER_MAX = 8;
const PROGRESS_MAX = 16;
const PROGRESS_PER_USER_MAX = 4;
/** Beyond the deadline of an attempt, for what is written before and after it. */
const LEASE_MARGIN_MS = 20_000;
/** How long attempts under way may take to end by themselves when the process stops. */
const STOP_MS_MAX = 2_000;

/** Sends what the database says is due, a bounded number at once, in every process that serves the API. */
export class WebhookLoop {
  readonly #services: SendServices;
  readonly #stopping = new AbortController();
  readonly #cutting = new AbortController();
  readonly #finals = new Set<Promise<void>>();
  readonly #progress = new Set<Promise<void>>();
  #running: Promise<void> = Promise.resolve();
  #removeOldAtMs = 0;

  constructor(services: SendServices) {
    this.#services = services;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when nothing is under way. What was cut off is sent again by whoever comes next. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const cut = setTimeout(() => this.#cutting.abort(), STOP_MS_MAX);
    await this.#running;
    await Promise.all([...this.#finals, ...this.#progress]);
    clearTimeout(cut);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = SWEEP_MS;
    while (!signal.aborted) {
      try {
        await this.#sweep();
        pauseMs = SWEEP_MS;
      } catch (error) {
        pauseMs = Math.min(pauseMs * 2, SWEEP_MS_MAX);
        this.#services.log.warn({ err: error }, 'due webhooks could not be read');
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #sweep(): Promise<void> {
    const { queue, settings } = this.#services;
    const signal = this.#cutting.signal;
    const finals = this.#bounds(FINALS_MAX - this.#finals.size, FINALS_PER_USER_MAX);
    for (const due of finals.limit > 0 ? await queue.claim(finals) : [])
      this.#follow(this.#finals, sendFinal(this.#services, due, signal));
    const progress = {
      ...this.#bounds(PROGRESS_MAX - this.#progress.size, PROGRESS_PER_USER_MAX),
      pauseMs: settings.WEBHOOK_PROGRESS_SECONDS * 1000,
    };
    for (const due of progress.limit > 0 ? await queue.claimProgress(progress) : [])
      this.#follow(this.#progress, sendProgress(this.#services, due, signal));
    await this.#removeOld();
  }

  #bounds(limit: number, perUserMax: number): ClaimBounds {
    return { limit, perUserMax, leaseMs: ATTEMPT_MS_MAX + LEASE_MARGIN_MS };
  }

  #follow(under: Set<Promise<void>>, sending: Promise<void>): void {
    const followed = sending
      .catch((error: unknown) => {
        // The lease runs out, and it is sent again under the same id.
        this.#services.log.warn({ err: error }, 'the outcome of a webhook could not be recorded');
      })
      .finally(() => under.delete(followed));
    under.add(followed);
  }

  async #removeOld(): Promise<void> {
    if (performance.now() < this.#removeOldAtMs) return;
    const isAll = await this.#services.queue.removeOld(this.#services.settings.WEBHOOK_KEEP_DAYS);
    this.#removeOldAtMs = performance.now() + (isAll ? REMOVE_OLD_EVERY_MS : REMOVE_MORE_AFTER_MS);
  }
}
