import { Socket } from 'node:net';
import pgPromise from 'pg-promise';

/**
 * The driver's bound for an answer gives up on the question, but keeps the connection and asks the next one on it: where the
 * server's machine is gone, every question would wait for nothing until TCP gives up, which takes a quarter of an hour.
 */
const driver = pgPromise({
  noWarnings: true,
  error: (error: unknown, { client }: Asked) => {
    const stream = client?.connection.stream;
    if (error instanceof Error && error.message === SILENCE && stream instanceof Socket) stream.destroy();
  },
});

/** What is used of the connection that a failed question was asked on; null where there was none yet. */
type Asked = {
  readonly client: { readonly connection: { readonly stream: unknown } } | null;
};

/** What the driver says, without a code. */
const SILENCE = 'Query read timeout';

type Connection = pgPromise.IDatabase<object>;

/** A pool of connections; connects only when first asked. */
export function openConnection(parameters: Parameters<typeof driver>[0]): Connection {
  const connection = driver(parameters);
  // Closing a pool takes the driver's own listener away but does not wait for the sockets: the last words of a server
  // that ends just then would be an uncaught error and take the whole process down.
  connection.$pool.on('error', () => undefined);
  return connection;
}
