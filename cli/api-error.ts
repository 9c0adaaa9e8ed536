import type { ErrorBody } from '../contract/answers.ts';

export type FaultDetail = NonNullable<ErrorBody['details']>[number];

/** Every failure of a call: what the server answered, or that no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of the error catalogue, or `NO_ANSWER`, `BAD_ANSWER` where the server did not speak our contract. */
  readonly code: string;
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly details: readonly FaultDetail[];
  /** What the server asked us to wait before we try again. */
  readonly retryAfterMs: number | null;

  constructor(
    code: string,
    message: string,
    more: {
      status?: number;
      details?: readonly FaultDetail[];
      retryAfterMs?: number | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.status = more.status ?? 0;
    this.details = more.details ?? [];
    this.retryAfterMs = more.retryAfterMs ?? null;
  }

  /** A later try may go through: the way was broken, or the server said so. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}
