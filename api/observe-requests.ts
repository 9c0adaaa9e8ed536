// Around every request: what Prometheus is told, and the span that a job's trace begins with.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseTraceParent } from '../telemetry/trace-context.ts';
import type { OpenSpan, Tracer } from '../telemetry/tracer.ts';
import type { ApiMetrics } from './api-metrics.ts';

/** To be called before the server is ready. */
export function observeRequests(server: FastifyInstance, metrics: ApiMetrics, tracer: Tracer | null): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const seconds = reply.elapsedTime / 1000;
    metrics.requestEnded({ method, route: routeOf(request), status: reply.statusCode, seconds });
    done();
  });
  if (tracer !== null) traceRequests(server, tracer);
}

/** The address holds ids, and queries of signed links are secrets. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

function traceRequests(server: FastifyInstance, tracer: Tracer): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  server.addHook('onRequest', (request, _reply, done) => {
    const span = tracer.start({
      name: `${request.method} ${routeOf(request)}`,
      kind: 'server',
      attributes: { 'http.request.method': request.method, 'http.route': routeOf(request) },
      parent: parseTraceParent(request.headers.traceparent),
    });
    spans.set(request, span);
    span.within(done);
  });
  // Where a body was read, what follows does not know any more what it came from.
  server.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else span.within(done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const status = reply.statusCode;
    const error = status >= 500 ? String(status) : null;
    spans.get(request)?.end({ attributes: { 'http.response.status_code': status }, error });
    done();
  });
}
