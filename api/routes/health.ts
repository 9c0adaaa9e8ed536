// For those who watch the server: is it alive, and can it do its work?

import type { ErrorBody } from '../../contract/answers.ts';
import { Health, Readiness } from '../../contract/answers.ts';
import type { SandboxState } from '../../contract/worker-identity.ts';
import { type Api, type ApiServer, faultAnswers } from '../api-server.ts';

/** A part that does not answer within this counts as away. */
const CHECK_MS_MAX = 2_000;

export function healthRoutes(server: ApiServer, api: Api): void {
  server.get(
    '/healthz',
    {
      schema: {
        operationId: 'checkHealth',
        tags: ['health'],
        summary: 'The process is alive',
        security: [],
        response: { 200: Health },
      },
    },
    () => ({ status: 'ok' as const }),
  );
  server.get(
    '/readyz',
    {
      schema: {
        operationId: 'checkReadiness',
        tags: ['health'],
        summary: 'Database, Temporal and store are in reach',
        security: [],
        response: { 200: Readiness, ...faultAnswers },
      },
    },
    async (_request, reply) => {
      const [away, sandbox] = await Promise.all([partsAway(api), sandboxOf(api)]);
      if (away.length === 0) return { status: 'ready' as const, sandbox };
      return reply.code(503).header('retry-after', 5).send(notReady(away));
    },
  );
}

async function partsAway(api: Api): Promise<readonly string[]> {
  const parts = { database: api.database, temporal: api.temporal, store: api.store };
  const checks = Object.entries(parts).map(async ([name, part]) => {
    try {
      await within(CHECK_MS_MAX, part.check());
      return null;
    } catch (error) {
      api.log.warn({ err: error, part: name }, 'a part is out of reach');
      return name;
    }
  });
  return (await Promise.all(checks)).filter((name) => name !== null);
}

/** No reason to call the server away: it may have no media worker at this moment. */
async function sandboxOf(api: Api): Promise<SandboxState> {
  return within(CHECK_MS_MAX, api.temporal.sandbox()).catch(() => 'unknown');
}

async function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function notReady(away: readonly string[]): ErrorBody {
  return {
    error: `Out of reach: ${away.join(', ')}.`,
    code: 'UNAVAILABLE',
    details: away.map((name) => ({ path: name, message: 'is out of reach', hint: null })),
  };
}
