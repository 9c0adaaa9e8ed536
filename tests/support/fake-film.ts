// Activities without FFmpeg, database or store: they note what was asked of them, and fail or wait where a test says so.
import { CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ControlActivities, JobFailure, MediaActivities } from '../../workflows/activity-types.ts';

export type FakeFilm = {
  readonly scenes: number;
  readonly concurrency: number;
  readonly jobSecondsMax: number;
  /** What rendering a scene does beyond being noted; an endless one is ended by cancellation only. */
  readonly scene: (index: number, attempt: number) => Promise<void>;
  /** Indices that assembling finds damaged, one list for each try. */
  readonly damaged: number[][];
};

export class FilmLog {
  readonly rendered: number[] = [];
  readonly phases: string[] = [];
  mostAtOnce = 0;
  dispatches = 0;
  failure: JobFailure | null = null;
  isCancelled = false;
  isDone = false;
  /** Scenes still at work when the job was ended: must be none. */
  atWorkAtEnd = 0;
  atWork = 0;
}

export function fakeActivities(film: FakeFilm, log: FilmLog): ControlActivities & MediaActivities {
  const done = new Set<number>();
  const damaged = [...film.damaged];
  return {
    compilePlan: () =>
      Promise.resolve({ scenes: film.scenes, title: 'Test', jobSecondsMax: film.jobSecondsMax }),
    dispatchScenes: () => {
      log.dispatches += 1;
      const all = Array.from({ length: film.scenes }, (_, index) => index);
      const pending = all.filter((index) => !done.has(index));
      return Promise.resolve({ pending, concurrency: film.concurrency, cache: 'use' });
    },
    enterPhase: ({ phase }) => {
      log.phases.push(phase);
      return Promise.resolve();
    },
    renderScene: async ({ index }) => {
      log.atWork += 1;
      log.mostAtOnce = Math.max(log.mostAtOnce, log.atWork);
      try {
        await film.scene(index, Context.current().info.attempt);
        log.rendered.push(index);
        done.add(index);
        return { wasCached: false };
      } finally {
        log.atWork -= 1;
      }
    },
    assembleFilm: () => {
      const indices = damaged.shift();
      if (indices !== undefined) return Promise.resolve({ kind: 'damaged', indices });
      return Promise.resolve({
        kind: 'assembled',
        film: { bytes: 1, sha256: 'x', frames: 1, durationSeconds: 1 },
      });
    },
    finalizeFilm: () => {
      log.isDone = true;
      return Promise.resolve();
    },
    failJob: ({ failure }) => {
      log.failure = failure;
      log.atWorkAtEnd = log.atWork;
      return Promise.resolve();
    },
    cancelJob: () => {
      log.isCancelled = true;
      log.atWorkAtEnd = log.atWork;
      return Promise.resolve();
    },
    probeAsset: () => Promise.resolve(),
  };
}

/** Works until it is cancelled, with heartbeats, and takes a moment to stop, as an encoder does. */
export async function endlessScene(): Promise<void> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), 100);
  try {
    await context.cancelled;
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    throw error instanceof CancelledFailure ? error : new CancelledFailure('cancelled');
  } finally {
    clearInterval(timer);
  }
}

/** The failure that `toFailure` makes of a RenderError. */
export function sceneFailure(sceneId: string, isRetryable: boolean): ApplicationFailure {
  const message = `FFmpeg exited with code 1 on ${sceneId}`;
  return ApplicationFailure.create({
    type: 'SCENE_RENDER_FAILED',
    message,
    nonRetryable: !isRetryable,
    details: [{ message, sceneId, stderrTail: 'no such filter', attempt: 1 }],
  });
}
