import { type ErrorCode, errorMessage, RenderError } from '../contract/errors.ts';
import type { DocumentIssue } from '../contract/issue.ts';
import { compileMovie } from '../plan-compiler/compile-movie.ts';
import type { CompileInput, EngineLimits } from '../plan-compiler/compile-types.ts';
import { hashBody, hashDocument } from '../plan-compiler/document-hash.ts';
import { type ReadSubmission, readSubmission } from '../plan-compiler/read-submission.ts';
import type { RenderPlan } from '../plan-compiler/render-plan.ts';

export type CheckedDocument =
  /** `filmSeconds` is null where only a worker will tell. */
  | { readonly kind: 'fit'; readonly filmSeconds: number | null }
  | { readonly kind: 'refused'; readonly issues: readonly DocumentIssue[] };

/** What takes long with a large document: from plain data to plain data, so that a thread can do it. */
export const documentWork = { read, check, hashDocument, hashBody };
export type DocumentWork = typeof documentWork;

export type WorkRequest = { readonly task: keyof DocumentWork; readonly input: unknown };

export type WorkAnswer =
  | { readonly kind: 'done'; readonly result: unknown }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | null;
    };

/** A failure is an answer, too: errors do not keep what they are on the way between threads. */
export function doWork({ task, input }: WorkRequest): WorkAnswer {
  try {
    // The sender's types fit task and input together.
    return { kind: 'done', result: documentWork[task](input as never) };
  } catch (error) {
    return error instanceof RenderError
      ? { kind: 'failed', code: error.code, message: error.message, hint: error.hint }
      : { kind: 'failed', code: 'INTERNAL', message: errorMessage(error), hint: null };
  }
}

function read({ body, limits }: { readonly body: unknown; readonly limits: EngineLimits }): ReadSubmission {
  return readSubmission(body, limits);
}

/** Compiles and throws the plan away, which is far larger than the document. */
function check(input: CompileInput): CheckedDocument {
  const result = compileMovie(input);
  return result.kind === 'refused' ? result : { kind: 'fit', filmSeconds: lengthOf(result.plan) };
}

function lengthOf({ totalFrames, output }: RenderPlan): number {
  return (totalFrames * output.fps.den) / output.fps.num;
}
