// A whole job told to a receiver: real workflow, real films, real sockets on loopback.
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MovieInput } from '../../contract/movie.ts';
import { type WebhookDeliveryList, WebhookEvent } from '../../contract/webhook.ts';
import { call, submit, untilJob } from '../support/film-client.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const callbackUrl = () => `http://127.0.0.1:${receiver.port}/hook`;
const events = () => receiver.received.map(({ body }) => WebhookEvent.parse(JSON.parse(body)));
const ends = () => events().filter(({ status }) => status === 'done' || status === 'cancelled');

function film(salt: string, seconds = 0.5): MovieInput {
  const scenes = Array.from({ length: 2 }, (_, index) => ({
    id: `w${index}`,
    duration: seconds,
    layers: [{ type: 'text' as const, text: `${salt} ${index}`, fontSize: 10 }],
  }));
  return { width: 64, height: 36, scenes };
}

describe('a job with a callbackUrl', () => {
  it('is told of when it is done, signed, with a link that works', async () => {
    const { body: made } = await call<{ secret: string }>('POST', '/v1/webhooks/secret');
    const jobId = await submit(film('told'), { callbackUrl: callbackUrl() });
    const done = await untilJob(jobId, (view) => view.status === 'done');
    await expect.poll(() => ends().length, { timeout: 20_000 }).toBe(1);
    const end = ends()[0];
    expect(end).toMatchObject({ jobId, status: 'done', progress: 1, mediaData: done.mediaData });
    expect(end?.children).toMatchObject({ total: 2, succeeded: 2 });
    const answer = await fetch(end?.outputUrl ?? '');
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, done.mediaData?.fileSize]);
    const last = receiver.received.at(-1)!;
    expect(() => new Webhook(made.secret).verify(last.body, last.headers)).not.toThrow();
  });

  it('is done in time where the receiver is silent, and told of when it speaks', async () => {
    receiver.answer(() => undefined);
    const jobId = await submit(film('silent'), { callbackUrl: callbackUrl() });
    await untilJob(jobId, (view) => view.status === 'done');
    const { body: page } = await call<WebhookDeliveryList>('GET', `/v1/webhooks/deliveries?jobId=${jobId}`);
    expect(page.deliveries).toMatchObject([{ jobId, event: 'done', status: 'pending' }]);
    receiver.answer((response) => void response.writeHead(200).end());
    const delivered = async () =>
      (await call<WebhookDeliveryList>('GET', `/v1/webhooks/deliveries?jobId=${jobId}`)).body.deliveries[0]
        ?.status;
    await expect.poll(delivered, { timeout: 60_000, interval: 500 }).toBe('delivered');
  });

  it('is told of once when it is cancelled', async () => {
    const jobId = await submit(film('stopped', 60), { callbackUrl: callbackUrl() });
    await untilJob(jobId, (view) => view.status !== 'queued');
    await call('POST', `/v1/jobs/${jobId}/cancel`);
    await untilJob(jobId, (view) => view.status === 'cancelled');
    await expect.poll(() => ends().length, { timeout: 20_000 }).toBe(1);
    expect(ends()[0]).toMatchObject({ jobId, status: 'cancelled', outputUrl: null });
  });
});
