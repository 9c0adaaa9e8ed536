// Counts the workers that were lost with an activity: each heartbeat leaves a trace that only an attempt that ended wipes out.
// The trace has FFmpeg's crashes, too: attempts that met a server that was away are not counted against a scene.
import { type ErrorCode, RenderError } from '../contract/errors.ts';

/** What a heartbeat tells the next attempt. */
export type HeartbeatTrace = {
  /** Before this attempt. */
  readonly workersLost: number;
  /** Of FFmpeg, in all attempts until now. */
  readonly crashes: number;
  /** Still so in the last heartbeat of an attempt: its worker was lost. */
  readonly isRunning: boolean;
};

/** What kills so many workers one after the other is not bad luck (spec: trust). */
const workersLostMax = 3;

/** The trace is a stranger's here: another version of the worker may have left it, or nobody. */
export function countLost(trace: unknown): number {
  if (typeof trace !== 'object' || trace === null) return 0;
  if (!('workersLost' in trace) || typeof trace.workersLost !== 'number') return 0;
  return trace.workersLost + ('isRunning' in trace && trace.isRunning === true ? 1 : 0);
}

/** Before this attempt. */
export function countCrashes(trace: unknown): number {
  if (typeof trace !== 'object' || trace === null) return 0;
  return 'crashes' in trace && typeof trace.crashes === 'number' ? trace.crashes : 0;
}

/** Throws before such an activity takes one more worker with it. */
export function refusePoison(workersLost: number, code: ErrorCode): void {
  if (workersLost < workersLostMax) return;
  throw new RenderError(
    code,
    `${workersLost} workers were lost one after the other while they worked on it.`,
    {
      retryable: false,
      hint: "Look for a lack of memory on the workers, and for a source that FFmpeg cannot take; the workers' logs say when they ended.",
    },
  );
}
