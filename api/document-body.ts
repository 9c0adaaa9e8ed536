import { validatorCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { RenderSubmission } from '../contract/submission.ts';
import type { ApiServer } from './api-server.ts';

/** The largest document taken: 5,000 scenes of a dozen layers fit. */
export const DOCUMENT_BYTES_MAX = 8 * 1024 * 1024;

/** What the description of the API says of a document. The wider type tells handlers the truth: nothing is checked yet. */
export const DocumentBody: z.ZodType = RenderSubmission;

/**
 * Lets bodies through to the handlers of a scope as they were sent: the plan compiler reads them and reports all
 * faults with hints, which a validator before it would hide.
 */
export function takeDocuments(server: ApiServer): void {
  server.setValidatorCompiler<z.ZodType>((route) =>
    route.httpPart === 'body' ? (value: unknown) => ({ value }) : validatorCompiler(route),
  );
}
