import pgPromise from 'pg-promise';

const driver = pgPromise({ noWarnings: true });

type Connection = pgPromise.IDatabase<object>;

/** A pool of connections; connects only when first asked. */
export function openConnection(parameters: Parameters<typeof driver>[0]): Connection {
  const connection = driver(parameters);
  // Closing a pool takes the driver's own listener away but does not wait for the sockets: the last words of a server
  // that ends just then would be an uncaught error and take the whole process down.
  connection.$pool.on('error', () => undefined);
  return connection;
}
