// Our errors in Temporal's terms: the code as type, what a reader needs as details, and whether a retry can help.

import { CancelledFailure } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { errorMessage, RenderError } from '../contract/errors.ts';
import type { FailureDetails } from '../workflows/activity-types.ts';

/** Plain errors are faults of ours: retried, since most come from a server that is away. */
export function toFailure(error: unknown, attempt: number): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (error instanceof Error && error.name === 'AbortError') return new CancelledFailure(error.message);
  const isKnown = error instanceof RenderError;
  return ApplicationFailure.create({
    type: isKnown ? error.code : 'INTERNAL',
    message: errorMessage(error),
    nonRetryable: isKnown && !error.retryable,
    details: [describe(error, attempt)],
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

function describe(error: unknown, attempt: number): FailureDetails {
  if (!(error instanceof RenderError)) return { message: errorMessage(error), attempt };
  const { sceneId, sceneIndex, stderrTail } = error.context;
  return {
    message: error.message,
    attempt,
    ...(error.hint === null ? {} : { hint: error.hint }),
    ...(sceneId === undefined ? {} : { sceneId }),
    ...(sceneIndex === undefined ? {} : { sceneIndex }),
    ...(stderrTail === undefined ? {} : { stderrTail }),
  };
}
