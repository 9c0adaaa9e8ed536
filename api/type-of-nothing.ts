import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * A hook (`onRequest`): what a client says of a body that it does not send is passed over. Many name JSON with every request,
 * and `curl -d ''` names a form, for which a cancel would be a 400 or a 415.
 */
export function forgetTypeOfNothing({ raw }: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const { headers } = raw;
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  if (isEmpty) delete headers['content-type'];
  done();
}
