import { errorMessage, RenderError } from '../contract/errors.ts';

/** Of Node and of Postgres: the server is away, going down, full, or answers too late; asking again can help. */
const PASSING_CODES = new Set([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ],
  // query_canceled (statement time-out), too_many_connections, admin_shutdown, crash_shutdown, cannot_connect_now, idle session ended
  ...['57014', '53300', '57P01', '57P02', '57P03', '57P05', '25P03'],
  // lock_not_available, deadlock_detected, serialization_failure
  ...['55P03', '40P01', '40001'],
]);
const CONNECTION_EXCEPTION_CLASS = '08';
/** What the driver says without a code. */
const PASSING_MESSAGES =
  /connection terminated|timeout|connection is not queryable|connection ended|not queryable/i;

/** Wraps what the driver threw, once, at the border: UNAVAILABLE where asking again can help, else INTERNAL. */
export function databaseError(error: unknown, question: string): RenderError {
  if (error instanceof RenderError) return error;
  const code = isPassing(error) ? 'UNAVAILABLE' : 'INTERNAL';
  const action = code === 'UNAVAILABLE' ? 'The database is out of reach' : 'The database refused';
  return new RenderError(code, `${action} (${question}): ${errorMessage(error)}`, { cause: error });
}

function isPassing(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== null) return PASSING_CODES.has(code) || code.startsWith(CONNECTION_EXCEPTION_CLASS);
  // Node gathers the failures of several addresses in an AggregateError.
  if (error instanceof AggregateError) return error.errors.some(isPassing);
  return PASSING_MESSAGES.test(errorMessage(error));
}

function errorCode(error: unknown): string | null {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : null;
}
