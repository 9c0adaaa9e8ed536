// Waits for a state of another process, with a bound and without a fixed pause.
import { setTimeout as pause } from 'node:timers/promises';
import { errorMessage } from '../contract/errors.ts';

const pollMs = 100;

export type Wait = {
  /** Ends the sentence "… was not ready within": for example "the API". */
  readonly what: string;
  readonly timeoutMs: number;
  /** Ends the wait early; its reason is thrown. */
  readonly signal?: AbortSignal;
};

/** Tries until `attempt` resolves; the last failure is the reason given when the time is up. */
export async function waitUntil<Result>(attempt: () => Promise<Result>, wait: Wait): Promise<Result> {
  const deadline = Date.now() + wait.timeoutMs;
  for (;;) {
    wait.signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() + pollMs > deadline) {
        const seconds = wait.timeoutMs / 1000;
        throw new Error(`${wait.what} was not ready within ${seconds} s: ${errorMessage(error)}`, {
          cause: error,
        });
      }
    }
    await pause(pollMs);
  }
}
