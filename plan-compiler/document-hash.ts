import { errorMessage, RenderError } from '../contract/errors.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import { hashJson } from './keys.ts';
import type { Hash } from './render-plan.ts';

/**
 * Equal for submissions that would encode the same film and tell the same listener: project, whole movie with ids and
 * title, output settings, use of the cache and callback. How many scenes run at once does not count.
 */
export function hashDocument(submission: RenderSubmission): Hash {
  const { projectId, movie, renderOptions, callbackUrl } = submission;
  const { crf, cache } = renderOptions;
  return hashBody({ projectId, movie, renderOptions: { crf, cache }, callbackUrl: callbackUrl ?? null });
}

/** Over a whole request body, for idempotency keys; the order of object keys does not count. Fails with VALIDATION_ERROR where the body has no canonical JSON. */
export function hashBody(body: unknown): Hash {
  try {
    return hashJson(body);
  } catch (cause) {
    throw new RenderError('VALIDATION_ERROR', `The body cannot be hashed: ${errorMessage(cause)}.`, {
      hint: 'Send plain JSON with complete characters and moderate nesting.',
      cause,
    });
  }
}
