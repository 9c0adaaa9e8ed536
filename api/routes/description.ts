// The API described: for programs at /openapi.json, for people at /docs.
import scalar from '@scalar/fastify-api-reference';
import type { ApiServer } from '../api-server.ts';

export async function descriptionRoutes(server: ApiServer): Promise<void> {
  server.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => reply.send(server.swagger()));
  await server.register(scalar, {
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
}
