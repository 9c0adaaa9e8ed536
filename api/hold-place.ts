import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from './authenticate.ts';
import type { Places } from './places.ts';

/**
 * A hook (`onRequest`) for requests whose body costs memory while it comes in: each holds a place until it was answered, or
 * its sender went away. Those that announce less than `fromBytes` hold none.
 */
export function holdPlace(places: Places, fromBytes = 0) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (announcedBytes(request) >= fromBytes) {
      const leave = places.take(callerOf(request).user.userId);
      reply.raw.once('finish', leave).once('close', leave);
    }
    done();
  };
}

/** A body that comes in pieces may become as long as the route takes. */
function announcedBytes({ headers }: FastifyRequest): number {
  return headers['transfer-encoding'] === undefined
    ? Number(headers['content-length'] ?? 0)
    : Number.POSITIVE_INFINITY;
}
