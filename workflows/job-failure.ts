// What went wrong, from Temporal's failures to the error catalogue.
import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import type { ErrorCode } from '../contract/errors.ts';
import type { FailureDetails, JobFailure } from './activity-types.ts';

const timeoutAdvice = 'Split the scene, or ask the operator for more or faster workers.';

/** The failure that a job is ended with. */
export function describeFailure(error: unknown): JobFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return applicationFailure(cause);
  if (cause instanceof TimeoutFailure) {
    const activity = error instanceof ActivityFailure ? error.activityType : 'the job';
    return {
      code: 'RENDER_TIMEOUT',
      details: {
        message: `${activity} did not end within its bound (${cause.timeoutType ?? 'unknown'})`,
        hint: timeoutAdvice,
      },
    };
  }
  return {
    code: 'INTERNAL',
    details: { message: cause instanceof Error ? cause.message : 'unknown failure' },
  };
}

function applicationFailure(failure: ApplicationFailure): JobFailure {
  const [details] = (failure.details ?? []) as readonly (FailureDetails | undefined)[];
  return details === undefined
    ? { code: 'INTERNAL', details: { message: failure.message } }
    : { code: failure.type as ErrorCode, details };
}

export function deadlineFailure(seconds: number): JobFailure {
  return {
    code: 'RENDER_TIMEOUT',
    details: { message: `The job was not done within ${seconds} s.`, hint: timeoutAdvice },
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

/** For a scene's rejection: the failure with the scene's place in the plan, where the activity could not say it itself. */
export function nameScene(index: number): (error: unknown) => never {
  return (error) => {
    if (isCancellation(error)) throw error;
    const { code, details } = describeFailure(error);
    throw workflowFailure({ code, details: { sceneIndex: index, ...details } });
  };
}
