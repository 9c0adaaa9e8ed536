import type { FastifyReply } from 'fastify';
import type { AccountRepository } from '../database/ports.ts';
import type { Caller } from './authenticate.ts';
import { TooManyRequests } from './error-answer.ts';

const WINDOW_SECONDS = 60;

/**
 * Counts a request of a known key against its plan, or throws RATE_LIMITED. The window slides: at no moment were there more
 * requests in the 60 s before it than the plan allows. Those that were refused do not count.
 */
export async function limitRate(
  accounts: AccountRepository,
  caller: Caller,
  reply: FastifyReply,
): Promise<void> {
  const requestsMax = caller.plan.requestsPerMinute;
  if (requestsMax === null) return;
  const window = { requestsMax, windowSeconds: WINDOW_SECONDS };
  const { requestsLeft, waitSeconds } = await accounts.takeRequest(caller.keyId, window);
  reply.headers({ 'x-ratelimit-limit': requestsMax, 'x-ratelimit-remaining': requestsLeft });
  if (waitSeconds > 0) throw new TooManyRequests(requestsMax, Math.ceil(waitSeconds));
}
