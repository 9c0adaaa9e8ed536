// Receivers of webhooks that are away, slow, broken, or want to send us elsewhere: jobs do not notice.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { type Answer, type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { expectDone } from './aftermath.ts';
import { fault } from './case.ts';
import { tinyFilm } from './films.ts';
import { until } from './wait.ts';
import { finalEvents } from './webhook-events.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let receiver: Receiver;
beforeAll(async () => {
  world = await openWorld({ WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1', WEBHOOK_RETRY_SECONDS: '1' });
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());
afterAll(() => world.end());

/** Of one attempt. */
const deadlineMs = 10_000;

describe('a receiver of webhooks', () => {
  fault('F30a', 'it is down: tried until it is there', async () => {
    const { port } = receiver;
    await receiver.close();
    const jobId = await doneMeanwhile(port);
    await until(async () => (await delivery(jobId)).attempts.length >= 2, 'two attempts', 20_000);
    receiver = await startReceiver(undefined, { port });
    await expectTold(jobId, 1);
    expect((await delivery(jobId)).attempts.at(0)?.httpStatus).toBeNull();
  });

  fault('F30b', 'it takes 30 s to answer: given up after 10, tried again', async () => {
    const jobId = await expectRefusedOnce((response) => {
      const timer = setTimeout(() => response.writeHead(204).end(), 30_000);
      response.once('close', () => clearTimeout(timer));
    });
    const [first, second] = finalEvents(receiver, jobId);
    expect((second?.receivedAtMs ?? 0) - (first?.receivedAtMs ?? 0)).toBeGreaterThanOrEqual(deadlineMs);
  });

  fault('F30c', 'it answers 302: not followed, tried again', async () => {
    const elsewhere = await startReceiver();
    try {
      const location = `http://127.0.0.1:${elsewhere.port}/`;
      await expectRefusedOnce((response) => void response.writeHead(302, { location }).end());
      expect(elsewhere.received).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });

  fault('F30d', 'it answers 500: tried again', async () => {
    await expectRefusedOnce((response) => void response.writeHead(500).end('broken'));
  });

  fault('F30e', 'its answer has no end: not read to it, and the status counts', async () => {
    let writtenMax = 0;
    await expectRefusedOnce((response) => {
      let written = 0;
      response.writeHead(500);
      const more = (): void => {
        for (let isMoreWanted = true; isMoreWanted && !response.destroyed; written += 65_536)
          isMoreWanted = response.write(Buffer.alloc(65_536));
        writtenMax = Math.max(writtenMax, written);
      };
      response.on('drain', more).on('error', () => undefined);
      more();
    });
    // 64 KB are read; the rest is what fits into the buffers between two processes.
    expect(writtenMax).toBeGreaterThan(0);
    expect(writtenMax).toBeLessThan(16_000_000);
  });
});

const accepts: Answer = (response) => void response.writeHead(204).end();

/** Refused until the job is done for long, then taken. */
async function expectRefusedOnce(refuse: Answer): Promise<string> {
  receiver.answer(refuse);
  const jobId = await doneMeanwhile();
  await until(() => Promise.resolve(finalEvents(receiver, jobId).length > 0), 'the first attempt', 10_000);
  receiver.answer(accepts);
  await until(async () => (await delivery(jobId)).status === 'delivered', 'the delivery', 40_000);
  const attempts = finalEvents(receiver, jobId).length;
  expect(attempts).toBeGreaterThanOrEqual(2);
  await expectTold(jobId, attempts);
  return jobId;
}

/** The whole job, while the receiver is as it is; no byte of the film and no second of its time depends on it. */
async function doneMeanwhile(port = receiver.port): Promise<string> {
  const movie = tinyFilm(61);
  const jobId = await world.submit(movie, { callbackUrl: `http://127.0.0.1:${port}/hook` });
  const { status } = await expectDone(world, jobId, movie);
  expect(status).toBe('done');
  expect((await delivery(jobId)).status).toBe('pending');
  return jobId;
}

/** Delivered in the end, after so many requests, all under one id. */
async function expectTold(jobId: string, requests: number): Promise<void> {
  await until(async () => (await delivery(jobId)).status === 'delivered', 'the delivery', 40_000);
  const told = finalEvents(receiver, jobId);
  expect(told.map(({ status }) => status)).toEqual(Array.from({ length: requests }, () => 'done'));
  expect(new Set(told.map(({ id }) => id))).toEqual(new Set([`msg_${jobId}`]));
}

type Delivery = {
  readonly status: string;
  readonly attempts: readonly { readonly httpStatus: number | null }[];
};

async function delivery(jobId: string): Promise<Delivery> {
  return (await world.call<Delivery>('GET', `/v1/webhooks/deliveries/msg_${jobId}`)).body;
}
