// The API described: for programs at /openapi.json, for people at /docs.
import fastify, { type FastifyInstance } from 'fastify';
import type { ApiServer } from '../api-server.ts';

const pageUrls = ['/docs', '/docs/', '/docs/js/scalar.js'];

export function descriptionRoutes(server: ApiServer): void {
  server.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => reply.send(server.swagger()));
  let pages: Promise<FastifyInstance> | null = null;
  server.addHook('onClose', async () => (await pages)?.close());
  for (const url of pageUrls) {
    server.get(url, { schema: { hide: true } }, async (_request, reply) => {
      pages ??= openPages();
      const page = await (await pages).inject(url);
      return reply.code(page.statusCode).headers(page.headers).send(page.rawPayload);
    });
  }
}

/** A server without a port: the program of the page is 25 MB in memory, so nothing of it is loaded before the first reader. */
async function openPages(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const pages = fastify();
  await pages.register(scalar, {
    routePrefix: '/docs',
    // Nothing that leads to other services, or sends the description of somebody's server there.
    configuration: {
      title: 'scenemill API',
      url: '/openapi.json',
      telemetry: false,
      showDeveloperTools: 'never',
      hideClientButton: true,
      mcp: { disabled: true },
      agent: { disabled: true },
    },
  });
  return pages;
}
