// Our errors in Temporal's terms: the code as type, what a reader needs as details, and whether a retry can help.

import { CancelledFailure } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { asScratchFault, errorMessage, RenderError } from '../contract/errors.ts';
import type { FailureDetails } from '../workflows/activity-types.ts';

/** FFmpeg that crashes on a scene on so many workers will crash on the next one too. */
const crashesMax = 3;

/** How often the activity was tried, and how often FFmpeg crashed meanwhile, this time included. */
type Tries = { readonly attempt: number; readonly crashes: number };

/** Plain errors are faults of ours: retried, since most come from a server that is away. */
export function toFailure(thrown: unknown, { attempt, crashes }: Tries): Error {
  const error = asScratchFault(thrown);
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (error instanceof Error && error.name === 'AbortError') return new CancelledFailure(error.message);
  const isKnown = error instanceof RenderError;
  return ApplicationFailure.create({
    type: isKnown ? error.code : 'INTERNAL',
    message: errorMessage(error),
    nonRetryable: isKnown && (!error.retryable || (isCrash(error) && crashes >= crashesMax)),
    details: [describe(error, attempt)],
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

/** A signal or a stall is retried elsewhere, but not for as long as a server that is away. */
export function isCrash(error: unknown): boolean {
  return error instanceof RenderError && error.code === 'SCENE_RENDER_FAILED' && error.retryable;
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
