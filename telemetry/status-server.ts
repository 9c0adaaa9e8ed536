import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

/** Answers at /healthz whether the process takes work (200, else 503), and at /metrics what it has counted. */
export type StatusServer = { readonly port: number; readonly close: () => Promise<void> };

export type StatusOptions = {
  readonly port: number;
  /** Neither answer asks for a key, so this must not be an address that strangers reach. */
  readonly host: string;
  readonly isReady: () => boolean;
  readonly registry: Registry;
};

/** For container health checks, for Prometheus, and for whoever starts the process and waits for it. */
export async function startStatusServer(options: StatusOptions): Promise<StatusServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (path === '/metrics') void sendMetrics(options.registry, response);
    else if (path === '/healthz') sendHealth(options.isReady(), response);
    else response.writeHead(404).end();
  });
  await listen(server, options);
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { port, host }: StatusOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function sendHealth(ready: boolean, response: ServerResponse): void {
  response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ready }));
}

async function sendMetrics(registry: Registry, response: ServerResponse): Promise<void> {
  try {
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  } catch {
    // Something that is only asked when somebody looks, such as the database, did not answer.
    response.writeHead(503).end();
  }
}
