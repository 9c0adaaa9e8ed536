// Ends of jobs on their way to receivers on loopback: real Postgres, real sockets, the loop that the API runs.
import pino from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ObjectLinks } from '../../../api/object-links.ts';
import { readAllowedNetworks } from '../../../api/webhooks/address.ts';
import { resolveHost } from '../../../api/webhooks/resolve-host.ts';
import { currentSecrets } from '../../../api/webhooks/secrets.ts';
import type { SendServices } from '../../../api/webhooks/send-event.ts';
import { WebhookLoop } from '../../../api/webhooks/webhook-loop.ts';
import type { MediaData } from '../../../contract/job.ts';
import { readSettings } from '../../../contract/settings.ts';
import { WebhookEvent } from '../../../contract/webhook.ts';
import type { DeliveryRow } from '../../../database/webhook-ports.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { type Receiver, startReceiver } from '../../support/webhook-receiver.ts';
import { addUser, newScenes, submission, submit } from '../database/fixtures.ts';

const mediaData: MediaData = {
  duration: 90,
  width: 64,
  height: 36,
  fileSize: 1000,
  fps: 30,
  videoCodec: 'h264',
  audioCodec: 'aac',
  sha256: 'ab',
};

let test: TestDatabase;
let receiver: Receiver;
const loops: WebhookLoop[] = [];
const logged: string[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  await addUser(test.database);
  await addUser(test.database, 'user_2', 'project_2');
  await test.database.webhooks.renewSecret('user_1');
});
afterAll(() => test.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop()));
  await receiver.close();
  await test.sql('DELETE FROM jobs');
  await test.sql('DELETE FROM webhook_deliveries');
});

function services(change: Partial<SendServices> = {}): SendServices {
  const settings = readSettings({
    DATABASE_URL: test.url,
    TEMPORAL_ADDRESS: 'none:1',
    LINK_SIGNING_SECRET: 'only-for-tests-0123456789',
    WEBHOOK_RETRY_SECONDS: '0.05',
    WEBHOOK_PROGRESS_SECONDS: '0.5',
    PUBLIC_BASE_URL: 'https://films.test',
  });
  const clock = () => new Date();
  return {
    settings,
    clock,
    queue: test.database.webhookQueue,
    resolve: resolveHost,
    links: new ObjectLinks({ settings, clock }, () => null),
    log: pino({ level: 'debug' }, { write: (line: string) => logged.push(line) }),
    allowed: readAllowedNetworks('127.0.0.1'),
    ...change,
  };
}

function startLoop(change: Partial<SendServices> = {}): WebhookLoop {
  const loop = new WebhookLoop(services(change));
  loops.push(loop);
  loop.start();
  return loop;
}

const hook = (port = receiver.port) => `http://127.0.0.1:${port}/hook?token=hidden`;

async function done(jobId: string, callbackUrl = hook(), userId = 'user_1'): Promise<void> {
  const projectId = userId.replace('user', 'project');
  await submit(test.database, jobId, {
    userId,
    projectId,
    submission: { ...submission, projectId, callbackUrl },
  });
  await test.database.jobs.complete(jobId, { outputKey: `outputs/${jobId}/output.mp4`, mediaData });
}

async function delivery(jobId: string, userId = 'user_1'): Promise<DeliveryRow> {
  const row = await test.database.webhooks.find(userId, `msg_${jobId}`);
  if (row === null) throw new Error(`nothing is recorded of ${jobId}`);
  return row;
}

/** Resolves when the delivery has come to this. */
async function until(jobId: string, status: DeliveryRow['status'], userId = 'user_1'): Promise<DeliveryRow> {
  await expect.poll(async () => (await delivery(jobId, userId)).status, { timeout: 20_000 }).toBe(status);
  return delivery(jobId, userId);
}

describe('the end of a job', () => {
  it('is told in the form of the contract, signed in both styles', async () => {
    startLoop();
    await done('job_told');
    const row = await until('job_told', 'delivered');
    expect(row.attempts).toMatchObject([{ number: 1, httpStatus: 204, error: null }]);
    const [taken] = receiver.received;
    const event = WebhookEvent.strict().parse(JSON.parse(taken!.body));
    expect(event).toMatchObject({ jobId: 'job_told', status: 'done', phase: null, progress: 1, mediaData });
    expect(event.outputUrl).toMatch(/^https:\/\/films\.test\/objects\/outputs\/job_told\/output\.mp4\?/);
    expect(event.children.total).toBe(0);
    const [secret] = currentSecrets(services(), 'user_1', await test.database.webhooks.secret('user_1'));
    expect(() => new Webhook(secret).verify(taken!.body, taken!.headers)).not.toThrow();
    expect(taken!.headers).toMatchObject({
      'webhook-id': 'msg_job_told',
      'content-type': 'application/json',
    });
    expect(taken!.headers['x-render-signature']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is told of failed and cancelled jobs, too', async () => {
    startLoop();
    const detail = {
      code: 'INTERNAL',
      hint: null,
      sceneId: null,
      sceneIndex: null,
      attempt: 1,
      stderrTail: null,
    };
    const told = { submission: { ...submission, callbackUrl: hook() } };
    await submit(test.database, 'job_failed', { ...told, documentHash: 'a' });
    await submit(test.database, 'job_cancelled', { ...told, documentHash: 'b' });
    await test.database.jobs.fail('job_failed', { line: 'INTERNAL: it broke', detail });
    await test.database.jobs.cancel('job_cancelled');
    await until('job_failed', 'delivered');
    await until('job_cancelled', 'delivered');
    const events = receiver.received.map(({ body }) => WebhookEvent.parse(JSON.parse(body)));
    const ends = events.map(({ status, error = null, outputUrl }) => ({ status, error, outputUrl }));
    expect(ends).toHaveLength(2);
    expect(ends).toContainEqual({ status: 'failed', error: 'INTERNAL: it broke', outputUrl: null });
    expect(ends).toContainEqual({ status: 'cancelled', error: null, outputUrl: null });
  });

  it('is told again and again until it is accepted: the same id, a new time, never a redirect followed', async () => {
    const answers = [500, 302, 404, 0, 429, 200];
    receiver.answer((response) => {
      const status = answers[receiver.received.length - 1] ?? 200;
      if (status === 0) response.socket?.destroy();
      else response.writeHead(status, { location: `http://127.0.0.1:${receiver.port}/elsewhere` }).end();
    });
    await done('job_stubborn');
    // As if it had happened long before it could be told.
    await test.sql(`UPDATE webhook_deliveries SET occurred_at = now() - interval '2 h'`);
    startLoop();
    const { attempts } = await until('job_stubborn', 'delivered');
    expect(attempts.map(({ httpStatus }) => httpStatus)).toEqual([500, 302, 404, null, 429, 200]);
    expect(receiver.received.map(({ path }) => path)).toEqual(answers.map(() => '/hook?token=hidden'));
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set(['msg_job_stubborn']),
    );
    const [secret] = currentSecrets(services(), 'user_1', await test.database.webhooks.secret('user_1'));
    for (const { body, headers, atMs } of receiver.received) {
      expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
      // Of the attempt, not of the end two hours ago.
      expect(Math.abs(Number(headers['webhook-timestamp']) - atMs / 1000)).toBeLessThan(2);
    }
    const times = receiver.received.map(({ atMs }) => atMs);
    expect(times.slice(1).every((atMs, index) => atMs > (times[index] ?? 0))).toBe(true);
  });

  it('is told by a clock that is an hour ahead as that clock says when it sends', async () => {
    const ahead = () => new Date(Date.now() + 3_600_000);
    startLoop({ clock: ahead });
    await done('job_ahead');
    await until('job_ahead', 'delivered');
    const sent = Number(receiver.received[0]!.headers['webhook-timestamp']) * 1000;
    expect(Math.abs(sent - ahead().getTime())).toBeLessThan(10_000);
    const { timestamp } = WebhookEvent.parse(JSON.parse(receiver.received[0]!.body));
    expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(10_000);
  });

  it('reaches a receiver that was down, when it is back', async () => {
    const { port } = receiver;
    await receiver.close();
    startLoop();
    await done('job_down', hook(port));
    await expect
      .poll(async () => (await delivery('job_down')).attemptCount, { timeout: 20_000 })
      .toBeGreaterThan(2);
    receiver = await startReceiver(undefined, { port });
    const { attempts } = await until('job_down', 'delivered');
    expect(attempts[0]?.error).toContain('ECONNREFUSED');
    expect(attempts.at(-1)).toMatchObject({ httpStatus: 204, error: null });
    expect(receiver.received).toHaveLength(1);
  });

  it("holds up no job and nobody else's webhook where receivers are silent", async () => {
    const silent = await startReceiver(() => undefined);
    startLoop({ deadlineMs: 20_000 });
    for (let number = 0; number < 20; number += 1) {
      const startedMs = performance.now();
      await done(`job_silent_${number}`, hook(silent.port));
      expect(performance.now() - startedMs).toBeLessThan(10_000);
    }
    await silent.waitFor(8);
    await done('job_quick', hook(), 'user_2');
    await until('job_quick', 'delivered', 'user_2');
    // One user's share of what is sent at once.
    expect(silent.received.length).toBeLessThan(20);
    const { attempts } = await until('job_silent_0', 'pending');
    for (const { httpStatus } of attempts) expect(httpStatus).toBeNull();
    await silent.close();
  });

  it('is not told to an address that is not allowed any more', async () => {
    await done('job_moved');
    startLoop({ allowed: readAllowedNetworks('') });
    await expect
      .poll(async () => (await delivery('job_moved')).attempts.length, { timeout: 20_000 })
      .toBeGreaterThan(1);
    const [first] = (await delivery('job_moved')).attempts;
    expect(first).toMatchObject({ httpStatus: null, error: 'The host has an address that is not public.' });
    expect(receiver.received).toEqual([]);
  });

  it('is told once more on request, under the same id', async () => {
    startLoop();
    await done('job_resent');
    await until('job_resent', 'delivered');
    await test.database.webhooks.resend('user_1', 'msg_job_resent');
    await receiver.waitFor(2);
    await expect
      .poll(async () => (await delivery('job_resent')).attempts.length, { timeout: 20_000 })
      .toBe(2);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('is told once by many processes', async () => {
    for (let number = 0; number < 4; number += 1) startLoop();
    const ids = Array.from({ length: 30 }, (_, number) => `job_shared_${number}`);
    for (const jobId of ids) await done(jobId);
    for (const jobId of ids) await until(jobId, 'delivered');
    expect(receiver.received).toHaveLength(ids.length);
  });

  it('is in no log with its address or a secret', async () => {
    receiver.answer((response) => void response.writeHead(500).end());
    startLoop();
    await done('job_logged');
    await expect
      .poll(() => logged.some((line) => line.includes('msg_job_logged')), { timeout: 20_000 })
      .toBe(true);
    expect(logged.join('')).not.toMatch(/hidden|whsec_|webhook-signature|only-for-tests/);
  });
});

describe('a loop that stops', () => {
  it('cuts what is under way, which the next one sends under the same id', async () => {
    const silent = await startReceiver(() => undefined);
    const loop = startLoop();
    await done('job_cut', hook(silent.port));
    await silent.waitFor(1);
    const startedMs = performance.now();
    await loop.stop();
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    // Not an attempt that failed: nobody knows.
    expect(await delivery('job_cut')).toMatchObject({ status: 'pending', attemptCount: 1, attempts: [] });
    await test.sql('UPDATE webhook_deliveries SET leased_until = now()');
    silent.answer((response) => void response.writeHead(200).end());
    startLoop();
    const { attempts } = await until('job_cut', 'delivered');
    expect(attempts).toMatchObject([{ number: 2, httpStatus: 200 }]);
    expect(new Set(silent.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await silent.close();
  });
});

describe('progress', () => {
  it('is told while a job runs, and its end comes last', async () => {
    const { jobs } = test.database;
    await submit(test.database, 'job_run', { submission: { ...submission, callbackUrl: hook() } });
    await jobs.enterPhase('job_run', 'running', 'planning', 'loading_project');
    await jobs.createScenes('job_run', newScenes('job_run', 2));
    await jobs.enterPhase('job_run', 'waiting', 'rendering', 'encoding');
    startLoop();
    await receiver.waitFor(2);
    // One that is slow to be taken while the job ends.
    receiver.answer((response) => setTimeout(() => response.writeHead(204).end(), 1_500));
    await receiver.waitFor(3);
    await jobs.complete('job_run', { outputKey: 'outputs/job_run/output.mp4', mediaData });
    receiver.answer((response) => void response.writeHead(204).end());
    await until('job_run', 'delivered');
    const events = receiver.received.map(({ body }) => WebhookEvent.parse(JSON.parse(body)));
    expect(events.at(-1)?.status).toBe('done');
    const before = events.slice(0, -1);
    expect(before.length).toBeGreaterThanOrEqual(3);
    for (const event of before)
      expect(event).toMatchObject({
        status: 'waiting',
        phase: 'rendering',
        outputUrl: null,
        children: { total: 2 },
      });
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
    const { atMs: slowAtMs } = receiver.received.at(-2)!;
    expect(receiver.received.at(-1)!.atMs - slowAtMs).toBeGreaterThanOrEqual(1_400);
  });
});
