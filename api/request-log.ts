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
        jobId: jobIdOf(request.params),
        userId: request.caller?.user.userId ?? null,
      },
      'request',
    );
    done();
  });
}

/** Of routes that are about a job. What stands there may be anything, so only what can be an id is told. */
function jobIdOf(params: unknown): string | null {
  const { jobId } = (params ?? {}) as { readonly jobId?: unknown };
  return typeof jobId === 'string' && /^[A-Za-z0-9_-]{1,128}$/.test(jobId) ? jobId : null;
}
