// What went wrong, from Temporal's failures to the error catalogue.
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { ErrorCode } from '../contract/errors.ts';
import type { Phase } from '../contract/names.ts';
import type { FailureDetails, JobFailure } from './activity-types.ts';

const timeoutAdvice = 'Split the scene, or ask the operator for more or faster workers.';

const phaseOfStep: Readonly<Record<string, Phase>> = {
  compilePlan: 'planning',
  dispatchScenes: 'dispatching',
  renderScene: 'rendering',
  renderScenes: 'rendering',
  renderSounds: 'rendering',
  mixProgramme: 'rendering',
  assembleFilm: 'assembling',
  finalizeFilm: 'uploading',
};

/** The failure that a job is ended with; `work` is what the failed step was at. */
export function describeFailure(error: unknown, work?: string): JobFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return applicationFailure(cause);
  if (error instanceof ActivityFailure && cause instanceof TimeoutFailure) {
    const bound = `${error.activityType}, ${cause.timeoutType ?? 'unknown'}`;
    const phase = phaseOfStep[error.activityType] ?? 'at work';
    const message = `A step did not end within its bound (${bound}); the job was ${describeState(phase, work)}.`;
    return { code: 'RENDER_TIMEOUT', details: { message, hint: timeoutAdvice } };
  }
  return {
    code: 'INTERNAL',
    details: { message: cause instanceof Error ? cause.message : 'unknown failure' },
  };
}

/** "rendering: scene 2 of 9 · Pricing · 5.0 s" */
export function describeState(phase: string, work = ''): string {
  return work === '' ? phase : `${phase}: ${work}`;
}

function applicationFailure(failure: ApplicationFailure): JobFailure {
  const [details] = (failure.details ?? []) as readonly (FailureDetails | undefined)[];
  return details === undefined
    ? { code: 'INTERNAL', details: { message: failure.message } }
    : { code: failure.type as ErrorCode, details };
}

/** For a job past its own bound. */
export function deadlineFailure(seconds: number, state: string): JobFailure {
  return {
    code: 'RENDER_TIMEOUT',
    details: {
      message: `The job was not done within ${seconds} s; it was ${state}.`,
      hint: timeoutAdvice,
    },
  };
}

/** A plan is derived: where its stored form is lost, it can be made again. */
export function isPlanLost(error: unknown): boolean {
  return describeFailure(error).code === 'PLAN_UNAVAILABLE';
}

/** For clips that are gone or damaged each time they are wanted. */
export function clipsLost(rounds: number): ApplicationFailure {
  return workflowFailure({
    code: 'ASSEMBLE_FAILED',
    details: { message: `Clips were lost ${rounds} times in a row.`, hint: 'Check the object store.' },
  });
}

/** How a failed job shows in Temporal: failed, by its error code, never retried as a whole. */
export function workflowFailure(failure: JobFailure): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.code,
    message: failure.details.message,
    nonRetryable: true,
    details: [failure.details],
  });
}

export type Work = {
  /** For people: "scene 2 of 9 · Pricing · 5.0 s". */
  readonly what: string;
  /** Its place in the plan, where it is one scene. */
  readonly sceneIndex?: number;
};

/** An activity's failure with what was at work, where the activity could not say it itself. */
export function nameWork(error: unknown, { what, ...place }: Work): ApplicationFailure {
  const { code, details } = describeFailure(error, what);
  return workflowFailure({ code, details: { ...place, ...details } });
}
