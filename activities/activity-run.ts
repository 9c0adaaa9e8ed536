// What every activity has around it: heartbeats, cancellation, errors in Temporal's terms.
import { CancelledFailure, Context } from '@temporalio/activity';
import { countCrashes, countLost, type HeartbeatTrace } from './lost-workers.ts';
import { isCrash, toFailure } from './to-failure.ts';

/** One execution of an activity. */
export type ActivityRun = {
  readonly attempt: number;
  /** Workers that were lost with earlier attempts. */
  readonly workersLost: number;
  /** Aborted when the job is cancelled, the worker stops, or another attempt has taken over. */
  readonly signal: AbortSignal;
};

/** Cancellation travels in the answer to a heartbeat, so this is also how soon FFmpeg hears of it. */
const heartbeatMs = 500;

/**
 * FFmpeg is gone 5 s after it was told to stop. What is at work for longer waits for a store or a database that is silent;
 * all that it may still do is leave behind what housekeeping finds.
 */
const restMsMax = 7_000;

/** Runs the body with heartbeats; rejects with failures that Temporal understands. */
export async function runActivity<Result>(body: (run: ActivityRun) => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const { attempt } = context.info;
  const trace: unknown = context.info.heartbeatDetails;
  const workersLost = countLost(trace);
  let crashes = countCrashes(trace);
  const beat = (isRunning: boolean): void => {
    context.heartbeat({ workersLost, crashes, isRunning } satisfies HeartbeatTrace);
  };
  beat(true);
  const timer = setInterval(() => beat(true), heartbeatMs);
  try {
    const { cancellationSignal: signal } = context;
    return await untilRest(body({ attempt, workersLost, signal }), signal);
  } catch (error) {
    const isCancelled = context.cancellationSignal.aborted;
    if (!isCancelled && isCrash(error)) crashes += 1;
    beat(false);
    if (isCancelled) throw asCancelled(context.cancellationSignal.reason);
    throw toFailure(error, { attempt, crashes });
  } finally {
    clearInterval(timer);
  }
}

/** Waits for the work, but after it was told to stop not for long. */
async function untilRest<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const leftAlone = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(asCancelled(signal.reason)), restMsMax);
    };
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, leftAlone]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function asCancelled(reason: unknown): Error {
  return reason instanceof CancelledFailure ? reason : new CancelledFailure('The activity was cancelled.');
}
