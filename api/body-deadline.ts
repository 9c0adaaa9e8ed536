import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './error-answer.ts';

/**
 * A hook (`preParsing`) against bodies that trickle in for ever: one is here within the bound, or its sender is answered
 * 408. Uploads have a bound of their own (`UploadBody`). Node's own `requestTimeout` is one for the whole
 * server and must let a large upload through, so it is no defence here.
 */
export function limitBodyTime(bodyMsMax: number) {
  return (request: FastifyRequest, reply: FastifyReply, ...rest: [unknown, () => void]): void => {
    const { raw } = request;
    if (!raw.readableEnded && !raw.complete) {
      const timer = setTimeout(() => {
        sendError(new BodyTooSlow('The body did not come in time.'), request, reply);
        reply.raw.once('finish', () => raw.destroy());
      }, bodyMsMax);
      for (const event of ['end', 'close', 'error'] as const) raw.once(event, () => clearTimeout(timer));
    }
    rest[1]();
  };
}

/** In the form of Fastify's own errors, so that it is answered like them. */
export class BodyTooSlow extends Error {
  override readonly name = 'BodyTooSlow';
  readonly code = 'FST_BODY_TOO_SLOW';
  readonly statusCode = 408;
}
