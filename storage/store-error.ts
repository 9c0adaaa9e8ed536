import { errorMessage, RenderError } from '../contract/errors.ts';
import { ObjectNotFound } from './object-store.ts';

export type StoreAction = {
  /** "write", "read", … for the message. */
  readonly action: string;
  readonly key: string;
  readonly signal?: AbortSignal | undefined;
  /** What the caller's own stream failed with: not the store's fault, so it is passed on as it is. */
  readonly bodyError?: unknown;
};

/** S3's own word for a signature that is too old or of the future. */
export const clockFaultCode = 'RequestTimeTooSkewed';

const LOCAL_CODES = new Set(['ENOENT', 'ENOTDIR']);
const NOT_FOUND_CODES = new Set([...LOCAL_CODES, 'NotFound', 'NoSuchKey']);
const ACCESS_CODES = new Set(['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch']);

/** Turns what a store failed with into what the port promises. */
export function storeError(error: unknown, context: StoreAction): unknown {
  if (context.signal?.aborted === true) return context.signal.reason;
  if (error instanceof RenderError || error instanceof ObjectNotFound) return error;
  if (context.bodyError !== undefined && error === context.bodyError) return error;
  const code = errorCode(error);
  if (NOT_FOUND_CODES.has(code)) return new ObjectNotFound(context.key);
  return unavailable(`The object store could not ${context.action} "${context.key}"`, error);
}

/** The same where a local file is written: that its folder is missing does not say that the object is. */
export function fileFault(error: unknown, context: StoreAction): unknown {
  const isMissing = LOCAL_CODES.has(errorCode(error)) && error !== context.bodyError;
  return storeError(isMissing ? new Error(String(error)) : error, context);
}

export function unavailable(message: string, cause: unknown): RenderError {
  const hint = hintFor(errorCode(cause));
  const text = cause === null ? '' : errorMessage(cause);
  return new RenderError('UNAVAILABLE', text === '' ? `${message}.` : `${message}: ${text}`, {
    cause,
    ...(hint === null ? {} : { hint }),
  });
}

function hintFor(code: string): string | null {
  if (code === clockFaultCode) return 'Set the clocks of the worker and of the S3 server right.';
  return ACCESS_CODES.has(code) ? 'Check S3_ACCESS_KEY, S3_SECRET_KEY and S3_REGION.' : null;
}

/** Of Node and of S3 alike; empty where there is none. */
export function errorCode(error: unknown): string {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : '';
}
