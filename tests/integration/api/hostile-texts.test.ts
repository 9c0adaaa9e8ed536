// Texts that Postgres cannot hold, over HTTP, on a real one: refused or taken, never a fault of ours.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRealApi, film, firstKey, type RealApi } from './real-api.ts';

let api: RealApi;

beforeAll(async () => {
  api = await createRealApi();
});
afterAll(() => api.close());

const cursor = (...position: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

describe('a cursor that no list gave', () => {
  const lists = ['/v1/jobs?', '/v1/assets?projectId=default&', '/v1/webhooks/deliveries?', '/v1/projects?'];
  const cursors = [
    cursor('2026-01-01T00:00:00Z', 'a\u0000b'),
    cursor('+275760-09-13T00:00:00Z', 'a'),
    cursor('-271821-04-20T00:00:00Z', 'a'),
    cursor('0000-01-01T00:00:00Z', 'a'),
    cursor('2026-01-01T00:00:00Z', 7),
    cursor('yesterday', 'a'),
    '%ff',
    'null',
  ];
  test.each(lists.flatMap((list) => cursors.map((text) => `${list}cursor=${text}`)))(
    '%s is refused',
    async (url) => {
      const answer = await api.server.inject({ url, headers: { 'x-api-key': firstKey } });
      expect(answer.json()).toMatchObject({ code: 'VALIDATION_ERROR' });
      expect(answer.statusCode).toBe(400);
    },
  );
});

describe('a callback URL', () => {
  test.each(['https://example.org/a\u0000b', 'https://example.org/\ud800', 'https://exa\nmple.org/'])(
    '%j is refused or taken',
    async (callbackUrl) => {
      const answer = await api.server.inject({
        method: 'POST',
        url: '/v1/render/jobs',
        headers: { 'x-api-key': firstKey },
        payload: { ...film('default', 1), callbackUrl },
      });
      expect([202, 400], answer.body).toContain(answer.statusCode);
    },
  );
});
