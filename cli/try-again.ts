import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './api-error.ts';

/** A key's limit lets the next request through after a minute at most; longer waits are not worth it. */
const waitMsMax = 60_000;

export type Patience = {
  /** In all; the last failure is thrown. */
  readonly triesMax: number;
  /** Before the second try, then twice as long each time; what the server asks for counts before it. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
  readonly onWait: (reason: ApiError, waitMs: number) => void;
};

/** Makes a call again where the server asked to wait and, for one that `mayBreak`, where the way to it broke. */
export async function tryAgain<Answer>(
  call: () => Promise<Answer>,
  patience: Patience,
  mayBreak: boolean,
): Promise<Answer> {
  const { triesMax, pauseMs, signal, onWait } = patience;
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted || tries === triesMax || !isWorthAnotherTry(error, mayBreak)) throw error;
      const waitMs = Math.min(waitMsMax, error.retryAfterMs ?? pauseMs * 2 ** (tries - 1));
      onWait(error, waitMs);
      await sleep(waitMs, undefined, { signal });
    }
  }
}

function isWorthAnotherTry(error: unknown, mayBreak: boolean): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  return error.retryAfterMs !== null || (mayBreak && error.status === 0);
}
