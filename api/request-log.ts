import type { FastifyInstance } from 'fastify';

/** One line for each request: the route and not the address, since queries of signed links are secrets; never a header or body. */
export function logRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        userId: request.caller?.user.userId ?? null,
      },
      'request',
    );
    done();
  });
}
