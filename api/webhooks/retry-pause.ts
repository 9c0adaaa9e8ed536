const PAUSE_MS_MAX = 3_600_000;
/** Of the pause, up or down: receivers that come back are not met by everything at once. */
const JITTER = 0.2;
/** Doublings beyond this only make larger numbers. */
const DOUBLINGS_MAX = 30;

/** How long to wait after an attempt that failed, counted from 1: doubled each time, up to an hour, and never quite the same. */
export function retryPauseMs(attempt: number, firstMs: number, random: () => number): number {
  const doubled = firstMs * 2 ** Math.min(attempt - 1, DOUBLINGS_MAX);
  const jitter = 1 + JITTER * (2 * random() - 1);
  return Math.round(Math.min(doubled, PAUSE_MS_MAX) * jitter);
}
