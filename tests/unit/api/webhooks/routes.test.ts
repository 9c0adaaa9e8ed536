import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { webhookSecret } from '../../../../api/webhooks/signature.ts';
import { createFakeApi, type FakeApi, submission } from '../../../support/fake-api.ts';

let api: FakeApi;
afterEach(() => api.server.close());

const post = (url: string, payload?: unknown) =>
  api.server.inject({
    method: 'POST',
    url,
    headers: { 'x-api-key': api.anna },
    ...(payload === undefined ? {} : { payload: payload as object }),
  });
const get = (url: string) => api.server.inject({ url, headers: { 'x-api-key': api.anna } });
const withCallback = (callbackUrl: string) => ({ ...submission, callbackUrl });

describe('submitting with a callbackUrl', () => {
  it('is refused where the host is not public, with everything else that is wrong', async () => {
    api = await createFakeApi();
    for (const url of [
      'https://127.0.0.1/x',
      'https://0x7f000001/x',
      'https://[::1]/',
      'http://example.org/',
    ]) {
      const answer = await post('/v1/render/jobs', withCallback(url));
      expect([url, answer.statusCode]).toEqual([url, 400]);
      expect(answer.json()).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ path: 'callbackUrl' }] });
    }
    const layers = [{ type: 'image', source: 'asset:none' }];
    const scenes = [{ id: 'one', duration: 2, layers }];
    const both = { ...withCallback('https://10.0.0.1/'), movie: { ...submission.movie, scenes } };
    const { details } = (await post('/v1/render/jobs', both)).json<{ details: { path: string }[] }>();
    expect(details.map(({ path }) => path)).toContain('callbackUrl');
    expect(details.length).toBeGreaterThan(1);
  });

  it('is taken where it is public, or where the operator allows it', async () => {
    api = await createFakeApi({ WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.0/8' });
    for (const url of ['https://hooks.example.org/', 'http://127.0.0.1:9/'])
      expect((await post('/v1/render/jobs', withCallback(url))).statusCode).toBe(202);
  });
});

describe('the secret', () => {
  it('is shown once, when it is made, and is in no log', async () => {
    api = await createFakeApi();
    expect((await get('/v1/webhooks/secret')).json()).toEqual({ createdAt: null, previousUntil: null });
    const made = await post('/v1/webhooks/secret');
    expect([made.statusCode, made.headers['cache-control']]).toEqual([201, 'no-store']);
    const { secret } = made.json<{ secret: string }>();
    expect(secret).toBe(webhookSecret(api.services.settings.LINK_SIGNING_SECRET, 'user_anna', 1));
    expect(() => new Webhook(secret)).not.toThrow();
    const seen = await get('/v1/webhooks/secret');
    expect(seen.json()).toEqual({ createdAt: '2026-01-01T12:00:00.000Z', previousUntil: null });
    expect(api.logged.join('')).not.toContain('whsec_');
    const next = (await post('/v1/webhooks/secret')).json<{ secret: string; previousUntil: string }>();
    expect(next.secret).not.toBe(secret);
    expect(next.previousUntil).toBe('2026-01-02T12:00:00.000Z');
  });
});

describe('a delivery that is not there', () => {
  it('is not found, and an id that cannot be one is refused', async () => {
    api = await createFakeApi();
    expect((await get('/v1/webhooks/deliveries/msg_none')).statusCode).toBe(404);
    expect((await post('/v1/webhooks/deliveries/msg_none/resend')).statusCode).toBe(404);
    expect((await get('/v1/webhooks/deliveries/a%00b')).statusCode).toBe(400);
    expect((await get('/v1/webhooks/deliveries?status=lost')).statusCode).toBe(400);
    expect((await get('/v1/webhooks/deliveries')).json()).toEqual({ deliveries: [], nextCursor: null });
    expect((await api.server.inject({ url: '/v1/webhooks/deliveries' })).statusCode).toBe(401);
  });
});

describe('the description of the API', () => {
  it('says what is posted to a callbackUrl', async () => {
    api = await createFakeApi();
    const { webhooks } = (await api.server.inject('/openapi.json')).json<{
      webhooks: { jobEvent: { post: { requestBody: { content: Record<string, { schema: object }> } } } };
    }>();
    const { schema } = webhooks.jobEvent.post.requestBody.content['application/json'] ?? {};
    expect(schema).toMatchObject({
      type: 'object',
      properties: { jobId: { type: 'string' }, children: { type: 'object' } },
      required: ['jobId', 'status', 'phase', 'progress', 'children', 'outputUrl', 'timestamp'],
    });
  });
});
