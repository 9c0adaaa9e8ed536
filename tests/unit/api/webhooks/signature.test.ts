import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { retryPauseMs } from '../../../../api/webhooks/retry-pause.ts';
import { currentSecrets, newSecret, secretState } from '../../../../api/webhooks/secrets.ts';
import { signedHeaders, webhookSecret } from '../../../../api/webhooks/signature.ts';
import { readSettings } from '../../../../contract/settings.ts';

const key = 'only-for-tests-0123456789';
const secret = webhookSecret(key, 'user_1', 1);
const message = { id: 'msg_job_1', sentAt: new Date(), body: '{"jobId":"job_1","title":"Ä – 日本"}' };

describe('a signature', () => {
  it("is verified by somebody else's reader", () => {
    const headers = signedHeaders(message, [secret]);
    expect(new Webhook(secret).verify(message.body, headers)).toEqual(JSON.parse(message.body));
  });

  it('does not hold for another body, id, time or secret', () => {
    const headers = signedHeaders(message, [secret]);
    const refuses = (body: string, change: Record<string, string>, by = secret) =>
      expect(() => new Webhook(by).verify(body, { ...headers, ...change })).toThrow();
    refuses(`${message.body} `, {});
    refuses(message.body, { 'webhook-id': 'msg_job_2' });
    refuses(message.body, { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) });
    refuses(message.body, {}, webhookSecret(key, 'user_1', 2));
    refuses(message.body, {}, webhookSecret(key, 'user_2', 1));
    refuses(message.body, {}, webhookSecret('another-key-of-an-operator', 'user_1', 1));
  });

  it('holds for either secret while there are two', () => {
    const next = webhookSecret(key, 'user_1', 2);
    const headers = signedHeaders(message, [next, secret]);
    for (const known of [next, secret])
      expect(() => new Webhook(known).verify(message.body, headers)).not.toThrow();
  });

  it('of the other style is the HMAC-SHA256 of the raw body, by the newest secret', () => {
    const headers = signedHeaders(message, [secret, 'whsec_b2xk']);
    const expected = createHmac('sha256', secret).update(Buffer.from(message.body)).digest('hex');
    expect(headers['x-render-signature']).toBe(expected);
  });

  it('is taken anew for each attempt, under the same id', () => {
    const later = { ...message, sentAt: new Date(message.sentAt.getTime() + 60_000) };
    const [first, second] = [signedHeaders(message, [secret]), signedHeaders(later, [secret])];
    expect(second['webhook-id']).toBe(first['webhook-id']);
    expect(Number(second['webhook-timestamp']) - Number(first['webhook-timestamp'])).toBe(60);
    expect(second['webhook-signature']).not.toBe(first['webhook-signature']);
  });
});

describe('a secret', () => {
  const services = (now: string, settings = {}) => ({
    clock: () => new Date(now),
    settings: readSettings({ ...required, ...settings }),
  });
  const required = { DATABASE_URL: 'x', TEMPORAL_ADDRESS: 'x:1', LINK_SIGNING_SECRET: key };
  const row = (generation: number) => ({ generation, createdAt: new Date('2026-01-01T00:00:00Z') });
  const early = services('2026-01-01T23:59:59Z');
  const late = services('2026-01-02T00:00:01Z');

  it('has 32 bytes', () => {
    expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
  });

  it('is followed by the one before for a day', () => {
    const [first, second] = [webhookSecret(key, 'user_1', 1), webhookSecret(key, 'user_1', 2)];
    expect(currentSecrets(early, 'user_1', row(2))).toEqual([second, first]);
    expect(currentSecrets(late, 'user_1', row(2))).toEqual([second]);
    // Nobody was shown one before the first.
    expect(currentSecrets(early, 'user_1', row(1))).toEqual([first]);
    expect(currentSecrets(early, 'user_1', null)).toHaveLength(1);
  });

  it('is told of without being told', () => {
    expect(secretState(early, null)).toEqual({ createdAt: null, previousUntil: null });
    const state = { createdAt: '2026-01-01T00:00:00.000Z', previousUntil: '2026-01-02T00:00:00.000Z' };
    expect(secretState(early, row(2))).toEqual(state);
    expect(secretState(late, row(2))).toEqual({ ...state, previousUntil: null });
    expect(newSecret(early, 'user_1', row(2))).toEqual({ ...state, secret: webhookSecret(key, 'user_1', 2) });
  });

  it('is made from a key of its own where the operator has set one', () => {
    const own = services('2026-01-02T00:00:01Z', { WEBHOOK_SIGNING_SECRET: 'another-key-of-an-operator' });
    expect(currentSecrets(own, 'user_1', row(1))).not.toEqual(currentSecrets(late, 'user_1', row(1)));
  });
});

describe('the pause before a retry', () => {
  it('doubles from the first up to an hour', () => {
    const pauses = Array.from({ length: 14 }, (_, index) => retryPauseMs(index + 1, 5_000, () => 0.5) / 1000);
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600, 3600]);
    expect(retryPauseMs(100_000, 5_000, () => 0.5)).toBe(3_600_000);
  });

  it('is a fifth shorter or longer, by chance', () => {
    expect(retryPauseMs(1, 5_000, () => 0)).toBe(4_000);
    expect(retryPauseMs(1, 5_000, () => 1)).toBe(6_000);
  });
});
