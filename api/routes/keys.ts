// API keys of the caller: made, listed and revoked with another of theirs.
import { z } from 'zod';
import { type ApiKeyInfo, ApiKeyList, IssuedApiKey } from '../../contract/answers.ts';
import { RenderError } from '../../contract/errors.ts';
import { Label } from '../../contract/units.ts';
import type { KeyInfo } from '../../database/ports.ts';
import { hashSecret, KEYS_PER_USER_MAX, newSecret, writeApiKey } from '../api-key.ts';
import { type Api, type ApiServer, faultAnswers } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';

const NewKey = z.strictObject({ name: Label.describe('For you, to tell your keys apart.') });
const KeyParams = z.object({
  keyId: z
    .string()
    .regex(/^[A-Za-z0-9]{1,64}$/)
    .describe('What stands in the key before its dot, without `sm_`.'),
});

export function keyRoutes(server: ApiServer, api: Api): void {
  createKey(server, api);
  listKeys(server, api);
  revokeKey(server, api);
}

function createKey(server: ApiServer, api: Api): void {
  server.post(
    '/v1/keys',
    {
      schema: {
        operationId: 'createKey',
        tags: ['account'],
        summary: 'Make an API key',
        description: 'The key is in this answer only: what is kept cannot be turned back into it.',
        body: NewKey,
        response: { 201: IssuedApiKey, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request).user;
      const key = { keyId: api.newId(), secret: newSecret() };
      const { name } = request.body;
      const secretHash = hashSecret(key.secret);
      const issued = await api.accounts.issueKey(
        { keyId: key.keyId, userId, secretHash, name },
        KEYS_PER_USER_MAX,
      );
      if (issued === null) {
        throw new RenderError('INVALID_STATE', `A user may have ${KEYS_PER_USER_MAX} keys.`, {
          hint: 'Revoke those that are not used.',
        });
      }
      reply.code(201).header('cache-control', 'no-store');
      return { ...keyView(issued), key: writeApiKey(key) };
    },
  );
}

function listKeys(server: ApiServer, api: Api): void {
  server.get(
    '/v1/keys',
    {
      schema: {
        operationId: 'listKeys',
        tags: ['account'],
        summary: 'Your API keys, without their secrets',
        response: { 200: ApiKeyList, ...faultAnswers },
      },
    },
    async (request) => {
      const keys = await api.accounts.listKeys(callerOf(request).user.userId);
      return { keys: keys.map(keyView) };
    },
  );
}

function revokeKey(server: ApiServer, api: Api): void {
  server.delete(
    '/v1/keys/:keyId',
    {
      schema: {
        operationId: 'revokeKey',
        tags: ['account'],
        summary: 'Revoke an API key of yours, at once and for ever',
        description: 'Not the key that asks, so that nobody locks themselves out.',
        params: KeyParams,
        response: { 204: z.null(), ...faultAnswers },
      },
    },
    async (request, reply) => {
      const { user, keyId: ownKeyId } = callerOf(request);
      const { keyId } = request.params;
      if (keyId === ownKeyId) {
        throw new RenderError('INVALID_STATE', 'A key cannot revoke itself.', {
          hint: 'Make another one, and revoke this one with it.',
        });
      }
      if (!(await api.accounts.revokeKey(user.userId, keyId)))
        throw new RenderError('NOT_FOUND', `There is no key "${keyId}".`);
      return reply.code(204).send(null);
    },
  );
}

function keyView({ keyId, name, createdAt, lastUsedAt, revokedAt }: KeyInfo): ApiKeyInfo {
  return {
    keyId,
    name,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
