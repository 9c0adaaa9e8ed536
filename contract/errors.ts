/** The error catalogue: every code that can reach a caller, with what it means, its HTTP status and whether trying again can help. */
export const errorCatalogue = {
  VALIDATION_ERROR: {
    status: 400,
    retryable: false,
    meaning: 'The request or document is not valid, or asks for more than an engine limit.',
  },
  UNAUTHORIZED: { status: 401, retryable: false, meaning: 'No API key was sent, or it is unknown.' },
  API_KEY_REVOKED: { status: 401, retryable: false, meaning: 'The API key was revoked.' },
  RENDER_QUOTA_EXCEEDED: {
    status: 402,
    retryable: false,
    meaning: 'The render minutes left this month are fewer than the film takes.',
  },
  RENDER_QUOTA_DAILY_EXCEEDED: {
    status: 402,
    retryable: false,
    meaning: 'The render minutes left this day are fewer than the film takes.',
  },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    meaning: 'The plan lacks the API, the resolution or the duration.',
  },
  NOT_FOUND: {
    status: 404,
    retryable: false,
    meaning: 'There is no such thing, or it belongs to another user.',
  },
  CONCURRENCY_LIMIT_EXCEEDED: {
    status: 409,
    retryable: true,
    meaning: 'As many jobs are active as the plan allows.',
  },
  INVALID_STATE: {
    status: 409,
    retryable: false,
    meaning: 'The job, or what the user has already, does not allow this.',
  },
  IDEMPOTENCY_MISMATCH: {
    status: 409,
    retryable: false,
    meaning: 'The idempotency key was used with another body.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, meaning: 'The body is larger than the limit.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retryable: false,
    meaning: 'The content type is not one this endpoint takes.',
  },
  RATE_LIMITED: {
    status: 429,
    retryable: true,
    meaning: 'Too many requests; Retry-After says when to come back.',
  },
  INTERNAL: { status: 500, retryable: true, meaning: 'A fault of ours. The log has the request id.' },
  UNAVAILABLE: {
    status: 503,
    retryable: true,
    meaning:
      'Temporal, the database or the store is out of reach, or the server is full; nothing was accepted. Retry-After says when to come back.',
  },
  SCENE_RENDER_FAILED: { status: 500, retryable: false, meaning: 'FFmpeg could not render a scene.' },
  ASSET_UNAVAILABLE: {
    status: 500,
    retryable: true,
    meaning: 'The bytes of an asset could not be read from the store.',
  },
  ASSET_INVALID: {
    status: 400,
    retryable: false,
    meaning: 'The file is not a plain media file of an allowed kind.',
  },
  PLAN_UNAVAILABLE: {
    status: 500,
    retryable: true,
    meaning: 'The stored plan of the job was lost or damaged, also after it was made anew.',
  },
  RENDER_TIMEOUT: {
    status: 500,
    retryable: false,
    meaning: 'The job, or a step of it, took longer than its bound.',
  },
  ASSEMBLE_FAILED: { status: 500, retryable: true, meaning: 'The scene clips could not be joined.' },
  UPLOAD_FAILED: { status: 500, retryable: true, meaning: 'The result could not be stored.' },
  VERIFICATION_FAILED: {
    status: 500,
    retryable: false,
    meaning: 'The stored result is not what the plan says.',
  },
  OUT_OF_MEMORY: {
    status: 500,
    retryable: false,
    meaning: 'A scene needs more memory than FFmpeg may use, also when it was rendered alone.',
  },
  SCRATCH_FULL: {
    status: 500,
    retryable: true,
    meaning: "The worker's scratch disk is full.",
  },
  SCRATCH_QUOTA_EXCEEDED: {
    status: 500,
    retryable: false,
    meaning: 'The job needs more scratch space than one activity may use.',
  },
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

/** What an error may carry beside its text; all of it may be shown to the caller. */
export type ErrorContext = {
  readonly hint?: string;
  readonly sceneId?: string;
  readonly sceneIndex?: number;
  readonly attempt?: number;
  /** The last lines FFmpeg wrote, at most 4 KB. */
  readonly stderrTail?: string;
  /** Overrides the catalogue, for example for a signal that killed FFmpeg. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
};

/** Every failure in this house: what happened, what to do, and whether trying again can help. */
export class RenderError extends Error {
  override readonly name = 'RenderError';
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.hint = context.hint ?? null;
    this.retryable = context.retryable ?? errorCatalogue[code].retryable;
    this.context = context;
  }

  /** The text of `job.error`: `CODE: message`. */
  get line(): string {
    return `${this.code}: ${this.message}`;
  }
}

/** The message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What was thrown; where it is the local disk's word that it is full, in the terms of the catalogue. */
export function asScratchFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof RenderError || !('code' in error)) return error;
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') return error;
  return new RenderError('SCRATCH_FULL', 'There is no space left on the scratch disk.', {
    cause: error,
    hint: freeScratchSpace,
  });
}

/** What to do about a scratch disk that is full. */
export const freeScratchSpace = 'Free space in RENDER_SCRATCH_DIR.';
