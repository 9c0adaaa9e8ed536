// An error as it may stand in a log: what happened and where, without what a user wrote.
import { type ErrorCode, errorCatalogue } from '../contract/errors.ts';

export type LoggedError = {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  /** Where it was thrown; the text above the places is left out. */
  readonly at?: readonly string[];
  readonly cause?: LoggedError;
};

/** What a database refused is quoted by the first; the second names a scene as its document does. */
const QUOTING_CODES: ReadonlySet<ErrorCode> = new Set(['INTERNAL', 'SCENE_RENDER_FAILED']);
const CAUSES_MAX = 4;
const PLACES_MAX = 8;
const MESSAGE_CHARS_MAX = 600;

/**
 * Texts of errors may quote a document: a JSON parser's do, Postgres's do, and those of a refused document must. Such texts are
 * only told where `hasTexts` says so, which it does at the level "debug".
 */
export function describeError(error: unknown, hasTexts: boolean, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = codeOf(error);
  const { cause } = error;
  return {
    name: error.name,
    ...(code === null ? {} : { code }),
    ...(hasTexts || isOperatorText(error, code)
      ? { message: error.message.slice(0, MESSAGE_CHARS_MAX) }
      : {}),
    ...placesOf(error),
    ...(cause === undefined || depth >= CAUSES_MAX
      ? {}
      : { cause: describeError(cause, hasTexts, depth + 1) }),
  };
}

/** Of our failures, Node's, Postgres's and gRPC's alike; Temporal keeps ours as `type`. */
function codeOf(error: Error): string | null {
  const { code, type } = error as { readonly code?: unknown; readonly type?: unknown };
  const found = code ?? type;
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
}

/** A text of our own about the machinery, or of the system: it names servers, programs and files, never what is in a document. */
function isOperatorText(error: Error, code: string | null): boolean {
  if ('syscall' in error || error.name === 'AbortError') return true;
  if (code === null || !isOurCode(code)) return false;
  const isOurs = error.name === 'RenderError' || error.name === 'ApplicationFailure';
  return isOurs && !QUOTING_CODES.has(code) && errorCatalogue[code].status >= 500;
}

function isOurCode(code: string): code is ErrorCode {
  return code in errorCatalogue;
}

function placesOf({ stack }: Error): Pick<LoggedError, 'at'> {
  const places = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return places.length === 0 ? {} : { at: places.slice(0, PLACES_MAX).map((line) => line.trim()) };
}
