import type { FastifyRequest } from 'fastify';
import { RenderError } from '../contract/errors.ts';
import type { AccountRepository, PlanRow, UserRow } from '../database/ports.ts';
import { hashSecret, isSameHash, parseApiKey } from './api-key.ts';
import type { ApiServices } from './services.ts';

/** Who sent a request. */
export type Caller = { readonly user: UserRow; readonly plan: PlanRow; readonly keyId: string };

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the hook of `/v1`; read it with `callerOf`. */
    caller: Caller | null;
  }
}

/** A key's last use is written at most this often. */
const TOUCH_INTERVAL_MS = 60_000;
const TOUCHED_KEYS_MAX = 10_000;

/** Finds out who sent a request by its key, or throws UNAUTHORIZED or API_KEY_REVOKED. */
export function createAuthenticator(
  services: Pick<ApiServices, 'accounts' | 'clock' | 'log'>,
): (request: FastifyRequest) => Promise<Caller> {
  const touchedAt = new Map<string, number>();
  return async (request) => {
    const caller = await identify(services.accounts, request);
    const now = services.clock().getTime();
    if (now - (touchedAt.get(caller.keyId) ?? 0) >= TOUCH_INTERVAL_MS) {
      if (touchedAt.size >= TOUCHED_KEYS_MAX) touchedAt.clear();
      touchedAt.set(caller.keyId, now);
      // The last use is a convenience: a request does not wait for it or fail with it.
      services.accounts.touchKey(caller.keyId).catch((error: unknown) => {
        services.log.warn({ err: error }, 'the last use of a key was not recorded');
      });
    }
    return caller;
  };
}

/** The caller of a request below `/v1`. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw unauthorized('No API key was sent.');
  return request.caller;
}

async function identify(accounts: AccountRepository, request: FastifyRequest): Promise<Caller> {
  const text = sentKey(request);
  if (text === null) throw unauthorized('No API key was sent.');
  const key = parseApiKey(text);
  if (key === null) throw unauthorized('The API key is not known.');
  const found = await accounts.findKey(key.keyId);
  if (found === null || !isSameHash(found.secretHash, hashSecret(key.secret))) {
    throw unauthorized('The API key is not known.');
  }
  if (found.isRevoked) throw new RenderError('API_KEY_REVOKED', 'The API key was revoked.');
  return { user: found.user, plan: found.plan, keyId: key.keyId };
}

function sentKey(request: FastifyRequest): string | null {
  const header = request.headers['x-api-key'];
  if (typeof header === 'string') return header.trim();
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
  return bearer?.[1] ?? null;
}

function unauthorized(message: string): RenderError {
  return new RenderError('UNAUTHORIZED', message, {
    hint: 'Send the key as "x-api-key: KEY" or "Authorization: Bearer KEY".',
  });
}
