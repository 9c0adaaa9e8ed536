// For those who watch the server: is it alive, and can it do its work?
import type { HTTPMethods } from 'fastify';
import type { ErrorBody } from '../../contract/answers.ts';
import { Health, Readiness } from '../../contract/answers.ts';
import { type Api, type ApiServer, faultAnswers } from '../api-server.ts';
import { ReadinessCheck } from '../readiness.ts';

/** Some monitors ask by HEAD. */
const method: HTTPMethods[] = ['GET', 'HEAD'];

export function healthRoutes(server: ApiServer, api: Api): void {
  const readiness = new ReadinessCheck(api);
  server.route({
    method,
    url: '/healthz',
    schema: {
      operationId: 'checkHealth',
      tags: ['health'],
      summary: 'The process is alive',
      security: [],
      response: { 200: Health },
    },
    handler: () => ({ status: 'ok' as const }),
  });
  server.route({
    method,
    url: '/readyz',
    schema: {
      operationId: 'checkReadiness',
      tags: ['health'],
      summary: 'Database, Temporal and store are in reach',
      security: [],
      response: { 200: Readiness, ...faultAnswers },
    },
    handler: async (_request, reply) => {
      const { away, sandbox } = await readiness.ask();
      if (away.length === 0) return { status: 'ready' as const, sandbox };
      return reply.code(503).header('retry-after', 5).send(notReady(away));
    },
  });
}

function notReady(away: readonly string[]): ErrorBody {
  return {
    error: `Out of reach: ${away.join(', ')}.`,
    code: 'UNAVAILABLE',
    details: away.map((name) => ({ path: name, message: 'is out of reach', hint: null })),
  };
}
