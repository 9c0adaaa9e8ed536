import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { ErrorBody } from '../contract/answers.ts';
import { type ErrorCode, errorCatalogue, RenderError } from '../contract/errors.ts';
import { ObjectNotFound } from '../storage/object-store.ts';

/** When a caller may come back after an UNAVAILABLE, or where too many of something are open. */
const RETRY_AFTER_SECONDS = 5;

type Fault = NonNullable<ErrorBody['details']>[number];

/** A request that is refused for faults that can be named one by one. */
export class InvalidRequest extends RenderError {
  readonly faults: readonly Fault[];
  constructor(message: string, faults: readonly Fault[]) {
    super('VALIDATION_ERROR', message);
    this.faults = faults;
  }
}

/** More requests of a key than its plan allows. */
export class TooManyRequests extends RenderError {
  readonly retryAfterSeconds: number;
  constructor(requestsMax: number, retryAfterSeconds: number) {
    super('RATE_LIMITED', `More than ${requestsMax} requests in 60 s.`, {
      hint: `Come back in ${retryAfterSeconds} s.`,
    });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The one place where anything thrown becomes an answer. Faults of ours are logged and not explained to the caller. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body } = errorAnswer(error, request.id);
  if (status >= 500) request.log.error({ err: error }, 'a request failed');
  if (error instanceof TooManyRequests) reply.header('retry-after', error.retryAfterSeconds);
  else if (body.code === 'UNAVAILABLE' || body.code === 'RATE_LIMITED')
    reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  // Where it is the bytes that could not be read, the headers of a good answer stand there already.
  reply.header('cache-control', 'no-store');
  // Nobody reads what is left of a body that was refused, so the connection cannot be used again.
  if (status === 413 || status === 408) reply.header('connection', 'close');
  return reply.code(status).type('application/json').serializer(JSON.stringify).send(body);
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendError(noRoute(), request, reply);
}

function noRoute(): RenderError {
  return new RenderError('NOT_FOUND', 'There is no such route.', {
    hint: 'GET /openapi.json lists all of them, /docs is a page to read.',
  });
}

type Answer = { readonly status: number; readonly body: ErrorBody };

export function errorAnswer(error: unknown, requestId: string): Answer {
  if (error instanceof RenderError) return fromRenderError(error, requestId);
  if (error instanceof ObjectNotFound) return answer('NOT_FOUND', 'There is no such object.');
  if (hasZodFastifySchemaValidationErrors(error)) return fromSchemaFaults(error);
  if (isFastifyError(error)) return fromFastifyError(error, requestId);
  return internal(requestId);
}

function fromRenderError(error: RenderError, requestId: string): Answer {
  if (error.code === 'INTERNAL') return internal(requestId);
  // Its own text may name hosts and ports of ours.
  if (error.code === 'UNAVAILABLE') return answer('UNAVAILABLE', errorCatalogue.UNAVAILABLE.meaning);
  const text = error.hint === null ? error.message : `${error.message} ${error.hint}`;
  return answer(error.code, text, error instanceof InvalidRequest ? [...error.faults] : null);
}

type SchemaFault = {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>>;
};

type SchemaError = {
  readonly validation: readonly SchemaFault[];
  readonly validationContext?: string | undefined;
};

function fromSchemaFaults({ validation, validationContext }: SchemaError): Answer {
  const place = validationContext === 'querystring' ? 'query' : (validationContext ?? 'request');
  const verb = place.endsWith('s') ? 'are' : 'is';
  const faults = validation.flatMap((fault) => namedFaults(fault, place === 'body' ? [] : [place]));
  return answer('VALIDATION_ERROR', `The ${place} of the request ${verb} not valid.`, faults);
}

/** A body's own paths, as in documents; those of the other places begin with the place. */
function namedFaults({ instancePath, message, params }: SchemaFault, place: readonly string[]): Fault[] {
  const steps = [...place, ...instancePath.split('/').filter((part) => part !== '')];
  const fault = (at: readonly string[], text: string): Fault => ({
    path: at.join('.'),
    message: text,
    hint: null,
  });
  const { keys } = params ?? {};
  if (Array.isArray(keys)) return keys.map((key) => fault([...steps, String(key)], 'is not a property here'));
  if (message?.endsWith('received undefined') === true) return [fault(steps, 'is missing')];
  return [fault(steps, message ?? 'is not valid')];
}

const tooLarge =
  'The body is larger than this route takes: a document may have 8 MB, other JSON 64 KB. Media is uploaded by itself, with POST /v1/assets.';

/** Fastify's own texts quote the address, whose query may be a signature. */
const badAddressCodes: ReadonlySet<string> = new Set(['FST_ERR_BAD_URL', 'FST_ERR_MAX_PARAM_LENGTH']);
const badAddress: ErrorBody = { error: 'The address of the request is not valid.', code: 'VALIDATION_ERROR' };

/** What Fastify itself refuses: its texts speak of the request only. */
function fromFastifyError(error: FastifyError, requestId: string): Answer {
  const status = error.statusCode ?? 500;
  if (status === 413) return answer('PAYLOAD_TOO_LARGE', tooLarge);
  if (status === 415) return answer('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
  if (status < 400 || status >= 500) return internal(requestId);
  if (badAddressCodes.has(error.code)) return { status, body: badAddress };
  return { status, body: { error: error.message, code: 'VALIDATION_ERROR' } };
}

function internal(requestId: string): Answer {
  return answer('INTERNAL', `A fault of ours; the log has more under the request id ${requestId}.`);
}

function answer(code: ErrorCode, text: string, details: Fault[] | null = null): Answer {
  return {
    status: errorCatalogue[code].status,
    body: { error: text, code, ...(details === null ? {} : { details }) },
  };
}

/** By its code: other libraries' errors have a `statusCode` too, and theirs is not the caller's business. */
function isFastifyError(error: unknown): error is FastifyError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('FST_')
  );
}
