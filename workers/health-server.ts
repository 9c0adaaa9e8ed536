import { createServer } from 'node:http';

/** Answers 200 at /healthz while every worker of this process takes work, else 503. */
export type HealthServer = { readonly close: () => Promise<void> };

export type HealthOptions = {
  readonly port: number;
  readonly host: string;
  readonly isReady: () => boolean;
};

/** For container health checks and for whoever starts the process and waits for it. */
export async function startHealthServer({ port, host, isReady }: HealthOptions): Promise<HealthServer> {
  const server = createServer((_request, response) => {
    const ready = isReady();
    response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ready }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
