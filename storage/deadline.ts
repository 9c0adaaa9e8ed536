/**
 * Gives up on a promise that takes too long or is no longer wanted. What it waits for goes on in the background until
 * its own bound, because the S3 client cannot be interrupted.
 */
export async function withinDeadline<Result>(
  work: Promise<Result>,
  deadlineMs: number | null,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const late = deadlineMs === null ? null : AbortSignal.timeout(deadlineMs);
  const signals = [late, signal].filter((one) => one !== null && one !== undefined);
  if (signals.length === 0) return work;
  const anySignal = AbortSignal.any(signals);
  let stop: (() => void) | undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    stop = () => {
      if (signal?.aborted === true) reject(asError(signal.reason));
      else reject(new Error(`there was no answer within ${(deadlineMs ?? 0) / 1000} s`));
    };
    if (anySignal.aborted) stop();
    anySignal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    if (stop !== undefined) anySignal.removeEventListener('abort', stop);
    // Its late failure was answered above.
    work.catch(() => undefined);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
