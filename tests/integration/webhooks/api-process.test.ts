// The API as a process of its own: what it owes is sent by the next one where it is killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type WebhookDelivery, type WebhookDeliveryList, WebhookEvent } from '../../../contract/webhook.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { type Receiver, startReceiver } from '../../support/webhook-receiver.ts';

const apiKey = 'sm_webhooktest.0123456789abcdef0123456789abcdef';
const submission = {
  kind: 'movie',
  projectId: 'default',
  movie: {
    width: 640,
    height: 360,
    scenes: [{ id: 'one', duration: 2, layers: [{ type: 'color', color: '#102030' }] }],
  },
};

let test: TestDatabase;
let folder: string;
let receiver: Receiver;
let api: { readonly url: string; readonly process: ChildProcess };

beforeAll(async () => {
  test = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'scenemill-test-webhooks-'));
  receiver = await startReceiver();
  api = await startApi();
});
afterAll(async () => {
  await kill();
  await receiver.close();
  await test.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Without Temporal: jobs are accepted, and end where the test ends them. */
async function startApi(): Promise<typeof api> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('../../../api/main.ts', import.meta.url))],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: test.url,
        STORE_DIR: folder,
        BOOTSTRAP_API_KEY: apiKey,
        TEMPORAL_ADDRESS: '127.0.0.1:1',
        LINK_SIGNING_SECRET: 'only-for-tests-0123456789',
        API_PORT: '0',
        LOG_LEVEL: 'error',
        WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
        WEBHOOK_RETRY_SECONDS: '0.1',
      },
    },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^listening on (\S+)$/.exec(line) ?? [];
    if (url !== undefined) return { url, process: child };
  }
  throw new Error('The API did not start.');
}

async function kill(): Promise<void> {
  if (api.process.exitCode !== null || api.process.signalCode !== null) return;
  const exited = once(api.process, 'exit');
  api.process.kill('SIGKILL');
  await exited;
}

async function call<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { 'x-api-key': apiKey, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Body;
}

const delivery = (id: string) => call<WebhookDelivery>('GET', `/v1/webhooks/deliveries/${id}`);

it('a webhook that a killed process was sending is sent by the next, under the same id', async () => {
  const { secret } = await call<{ secret: string }>('POST', '/v1/webhooks/secret');
  receiver.answer(() => undefined);
  const callbackUrl = `http://127.0.0.1:${receiver.port}/hook`;
  const { jobId } = await call<{ jobId: string }>('POST', '/v1/render/jobs', { ...submission, callbackUrl });
  // Temporal has never heard of it, so the API itself ends it.
  await test.database.jobs.cancel(jobId);
  await receiver.waitFor(1);
  await kill();
  receiver.answer((response) => void response.writeHead(204).end());
  await test.sql('UPDATE webhook_deliveries SET leased_until = now()');
  api = await startApi();
  await expect
    .poll(async () => (await delivery(`msg_${jobId}`)).status, { timeout: 60_000 })
    .toBe('delivered');
  expect(receiver.received).toHaveLength(2);
  for (const { headers, body } of receiver.received) {
    expect(headers['webhook-id']).toBe(`msg_${jobId}`);
    // The secret outlives the process that showed it.
    expect(WebhookEvent.parse(new Webhook(secret).verify(body, headers))).toMatchObject({
      jobId,
      status: 'cancelled',
    });
  }

  const page = await call<WebhookDeliveryList>(
    'GET',
    `/v1/webhooks/deliveries?jobId=${jobId}&status=delivered`,
  );
  expect(page).toMatchObject({
    nextCursor: null,
    deliveries: [{ deliveryId: `msg_${jobId}`, event: 'cancelled', url: callbackUrl, attemptCount: 2 }],
  });
  const again = await call<WebhookDelivery>('POST', `/v1/webhooks/deliveries/msg_${jobId}/resend`);
  expect(again).toMatchObject({ status: 'pending', jobId });
  await receiver.waitFor(3);
});
