// The API described: for programs at /openapi.json, for people at /docs.
import type { OutgoingHttpHeaders } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import type { ApiServer } from '../api-server.ts';
import { answerNotFound } from '../error-answer.ts';

/** All others are of one answer, on one connection. */
const lastingHeaders: ReadonlySet<string> = new Set(['content-type', 'location']);

/** The page is made of its program, styles and pictures written into it, and what this server answers. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data: blob:",
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageUrls = ['/docs', '/docs/', '/docs/js/scalar.js'] as const;

type Page = {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly bytes: Buffer;
};
type Pages = ReadonlyMap<string, Page>;

/**
 * All of it is made once and the same bytes go to everybody: nobody needs a key here, the program of the page is 4 MB, and
 * whoever asks for it a thousand times and does not read would fill the memory with copies.
 */
export function descriptionRoutes(server: ApiServer): void {
  let description: Buffer | null = null;
  server.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    description ??= Buffer.from(JSON.stringify(server.swagger()));
    return reply.type('application/json; charset=utf-8').send(description);
  });
  let pages: Promise<Pages> | null = null;
  for (const url of pageUrls) {
    server.get(url, { schema: { hide: true } }, async (request, reply) => {
      pages ??= makePages().catch((error: unknown) => {
        // The next reader may have more luck.
        pages = null;
        throw error;
      });
      const page = (await pages).get(url);
      if (page === undefined) return answerNotFound(request, reply);
      return reply.code(page.status).headers(page.headers).send(page.bytes);
    });
  }
}

async function makePages(): Promise<Pages> {
  const server = await openPages();
  try {
    const made = new Map<string, Page>();
    for (const url of pageUrls) {
      const { statusCode: status, headers, rawPayload: bytes } = await server.inject(url);
      const lasting = Object.entries(headers).filter(([name]) => lastingHeaders.has(name));
      const kept = { ...Object.fromEntries(lasting), 'content-security-policy': pagePolicy };
      made.set(url, { status, headers: kept, bytes });
    }
    return made;
  } finally {
    await server.close();
  }
}

/** A server without a port: the program of the page is 25 MB in memory, so nothing of it is loaded before the first reader. */
async function openPages(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const pages = fastify();
  await pages.register(scalar, {
    routePrefix: '/docs',
    // Nothing that is fetched from other services, leads to them, or sends the description of somebody's server there.
    configuration: {
      title: 'scenemill API',
      pageTitle: 'scenemill API',
      url: '/openapi.json',
      telemetry: false,
      withDefaultFonts: false,
      showDeveloperTools: 'never',
      hideClientButton: true,
      agent: { disabled: true },
    },
  });
  return pages;
}
