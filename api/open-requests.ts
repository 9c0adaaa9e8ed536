import type { FastifyInstance } from 'fastify';

/** How long requests under way may take to end after the server was told to close. */
const GRACE_MS = 10_000;

/**
 * Ends a closing server as soon as its requests have ended. Connections that are open and ask nothing, as browsers keep
 * them, would hold it up for as long as they may idle; requests that do not end within the grace are cut.
 */
export function closeWithRequests(server: FastifyInstance, endStreams: () => void): void {
  const open = new Set<object>();
  let onEmpty = (): void => undefined;
  server.addHook('onRequest', (_request, { raw }, done) => {
    open.add(raw);
    const forget = (): void => {
      open.delete(raw);
      if (open.size === 0) onEmpty();
    };
    raw.once('finish', forget).once('close', forget);
    done();
  });
  server.addHook('preClose', async () => {
    endStreams();
    await new Promise<void>((resolve) => {
      const cut = setTimeout(resolve, GRACE_MS);
      onEmpty = () => {
        clearTimeout(cut);
        resolve();
      };
      if (open.size === 0) onEmpty();
    });
    server.server.closeAllConnections();
  });
}
