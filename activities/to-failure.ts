// Our errors in Temporal's terms: the code as type, what a reader needs as details, and whether a retry can help.

import { CancelledFailure } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { asScratchFault, errorMessage, RenderError } from '../contract/errors.ts';
import type { FailureDetails } from '../workflows/activity-types.ts';

/** FFmpeg that crashes on a scene on so many workers will crash on the next one too. */
const crashesMax = 3;

/** Plain errors are faults of ours: retried, since most come from a server that is away. */
export function toFailure(thrown: unknown, attempt: number): Error {
  const error = asScratchFault(thrown);
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (error instanceof Error && error.name === 'AbortError') return new CancelledFailure(error.message);
  const isKnown = error instanceof RenderError;
  return ApplicationFailure.create({
    type: isKnown ? error.code : 'INTERNAL',
    message: errorMessage(error),
    nonRetryable: isKnown && (!error.retryable || isPoison(error, attempt)),
    details: [describe(error, attempt)],
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

/** A signal or a stall is retried elsewhere, but not for as long as a server that is away. */
function isPoison({ code }: RenderError, attempt: number): boolean {
  return code === 'SCENE_RENDER_FAILED' && attempt >= crashesMax;
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
