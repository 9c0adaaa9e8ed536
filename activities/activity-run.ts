// What every activity has around it: heartbeats, cancellation, errors in Temporal's terms.
import { CancelledFailure, Context } from '@temporalio/activity';
import { countLost, type HeartbeatTrace } from './lost-workers.ts';
import { toFailure } from './to-failure.ts';

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

/** Runs the body with heartbeats; rejects with failures that Temporal understands. */
export async function runActivity<Result>(body: (run: ActivityRun) => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const { attempt } = context.info;
  const workersLost = countLost(context.info.heartbeatDetails);
  const beat = (isRunning: boolean): void => {
    context.heartbeat({ workersLost, isRunning } satisfies HeartbeatTrace);
  };
  beat(true);
  const timer = setInterval(() => beat(true), heartbeatMs);
  try {
    return await body({ attempt, workersLost, signal: context.cancellationSignal });
  } catch (error) {
    beat(false);
    if (context.cancellationSignal.aborted) throw asCancelled(context.cancellationSignal.reason);
    throw toFailure(error, attempt);
  } finally {
    clearInterval(timer);
  }
}

function asCancelled(reason: unknown): Error {
  return reason instanceof CancelledFailure ? reason : new CancelledFailure('The activity was cancelled.');
}
