import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { answerNotFound } from './error-answer.ts';

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** By which a proxy says that it speaks for somebody else. */
const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * `GET /metrics` on the API's own port, for whoever asks on the machine itself; for all others there is no such route, since the
 * figures are those of all users and nothing asks for a key. Prometheus elsewhere asks on HEALTH_PORT.
 */
export function serveMetrics(server: FastifyInstance, registry: Registry): void {
  server.get('/metrics', async (request, reply) => {
    if (!isFromHere(request)) return answerNotFound(request, reply);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

function isFromHere({ ip, headers }: FastifyRequest): boolean {
  return loopback.has(ip) && forwardingHeaders.every((name) => headers[name] === undefined);
}
