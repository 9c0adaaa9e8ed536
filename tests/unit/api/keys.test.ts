import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newSecret, parseApiKey, writeApiKey } from '../../../api/api-key.ts';
import { unlimitedPlan } from '../../support/fake-accounts.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';

let api: FakeApi;

beforeEach(async () => {
  api = await createFakeApi();
});
afterEach(async () => {
  await api.server.close();
});

type Method = 'GET' | 'POST' | 'DELETE';
const ask = (method: Method, url: string, key = api.anna, payload?: object) =>
  api.server.inject({
    method,
    url,
    headers: { 'x-api-key': key },
    ...(payload === undefined ? {} : { payload }),
  });
const issue = async (name = 'laptop') => {
  const answer = await ask('POST', '/v1/keys', api.anna, { name });
  expect(answer.statusCode).toBe(201);
  return answer.json<{ keyId: string; key: string }>();
};

describe('keys of a user', () => {
  test('work as soon as they are made, and their secret is shown once', async () => {
    const { keyId, key } = await issue();
    expect((await ask('GET', '/v1/me', key)).json()).toMatchObject({ userId: 'user_anna' });
    const list = await ask('GET', '/v1/keys');
    expect(list.json()).toMatchObject({ keys: [{ keyId: 'anna' }, { keyId, name: 'laptop' }] });
    const secret = parseApiKey(key)?.secret ?? 'none';
    expect(list.body).not.toContain(secret);
    expect(api.logged.join()).not.toContain(secret);
    expect(api.accounts.keys.get(keyId)?.secretHash).not.toContain(secret);
  });

  test('are revoked by another key of the same user, at once', async () => {
    const { keyId, key } = await issue();
    expect((await ask('DELETE', `/v1/keys/${keyId}`, api.ben)).statusCode).toBe(404);
    expect((await ask('DELETE', `/v1/keys/${keyId}`, key)).statusCode).toBe(409);
    expect((await ask('DELETE', `/v1/keys/${keyId}`)).statusCode).toBe(204);
    expect((await ask('GET', '/v1/me', key)).json()).toMatchObject({ code: 'API_KEY_REVOKED' });
    expect((await ask('DELETE', '/v1/keys/nothing')).statusCode).toBe(404);
  });

  test('are not without number', async () => {
    for (let number = 1; number < 100; number += 1) await issue(String(number));
    expect((await ask('POST', '/v1/keys', api.anna, { name: 'one more' })).statusCode).toBe(409);
  });

  test.each([{}, { name: '' }, { name: 'a\u0000b' }, { name: 'a', scope: 'all' }])(
    'cannot be made from %j',
    async (payload) => {
      expect((await ask('POST', '/v1/keys', api.anna, payload)).statusCode).toBe(400);
    },
  );

  test('have 256 random bits', () => {
    const secrets = Array.from({ length: 100 }, newSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) {
      expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
      expect(parseApiKey(writeApiKey({ keyId: 'a', secret }))).toEqual({ keyId: 'a', secret });
    }
  });
});

describe('the rate limit', () => {
  test('refuses with the time to come back, and tells what is left', async () => {
    const key = await api.accounts.addUser('carl', {
      ...unlimitedPlan,
      plan: 'small',
      requestsPerMinute: 120,
    });
    api.accounts.window = { requestsLeft: 7, waitSeconds: 0 };
    const { headers } = await ask('GET', '/v1/me', key);
    expect([headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']]).toEqual(['120', '7']);
    api.accounts.window = { requestsLeft: 0, waitSeconds: 28.2 };
    const refused = await ask('GET', '/v1/me', key);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '29']);
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED' });
    api.accounts.window = { requestsLeft: 0, waitSeconds: Number.MIN_VALUE };
    expect((await ask('GET', '/v1/me', key)).headers['retry-after']).toBe('1');
  });

  test('is not there on a plan without limits, nor for those without a key', async () => {
    api.accounts.window = { requestsLeft: 0, waitSeconds: 10 };
    expect((await ask('GET', '/v1/me')).statusCode).toBe(200);
    expect((await ask('GET', '/healthz')).statusCode).toBe(200);
    expect((await ask('GET', '/v1/me', 'sm_guess.0123456789abcdef')).statusCode).toBe(401);
  });
});
