import type { AddressInfo } from 'node:net';
import { setTimeout as slowDatabase } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hashSecret } from '../../../api/api-key.ts';
import { KEY_CHECK_MS } from '../../../api/job-event-streams.ts';
import type { JobEvent } from '../../../contract/answers.ts';
import { RenderSubmission } from '../../../contract/submission.ts';
import { unlimitedPlan } from '../../support/fake-accounts.ts';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';

let api: FakeApi;
let url: string;
const leaving = new Set<AbortController>();

beforeEach(async () => {
  api = await createFakeApi();
  api.jobs.add({
    jobId: 'job_a',
    userId: 'user_anna',
    submission: RenderSubmission.parse(submission),
  });
  await api.server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.server.server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/v1/jobs/job_a/progress`;
});
afterEach(async () => {
  for (const reader of leaving) reader.abort();
  leaving.clear();
  await api.server.close();
});

type Event = { readonly id: string; readonly name: string; readonly data: JobEvent };

async function follow(headers: Record<string, string> = {}) {
  const leave = new AbortController();
  leaving.add(leave);
  const response = await fetch(url, { headers: { 'x-api-key': api.anna, ...headers }, signal: leave.signal });
  return { response, leave, events: readEvents(response) };
}

async function* readEvents(response: Response): AsyncGenerator<Event, undefined> {
  if (response.body === null) return;
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const match = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(block);
      const [, id = '', name = '', data = ''] = match ?? [];
      if (match !== null) yield { id, name, data: JSON.parse(data) as JobEvent };
    }
  }
}

const nextOf = async (events: AsyncGenerator<Event, undefined>): Promise<Event | undefined> =>
  (await events.next()).value;

describe('following a job', () => {
  test('sends the present state, every change, a final event, and closes', async () => {
    const { response, events } = await follow();
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await nextOf(events)).toMatchObject({ id: '1', name: 'progress', data: { status: 'queued' } });
    api.jobs.change('job_a', { status: 'waiting', phase: 'rendering', progress: 0.5 });
    expect(await nextOf(events)).toMatchObject({ id: '2', data: { phase: 'rendering', progress: 0.5 } });
    api.jobs.change('job_a', {
      status: 'done',
      phase: null,
      progress: 1,
      outputKey: 'outputs/job_a/output.mp4',
    });
    const last = await nextOf(events);
    expect(last).toMatchObject({ id: '3', name: 'done', data: { status: 'done' } });
    expect(last?.data.outputUrl).toContain('/objects/outputs/job_a/output.mp4');
    expect(await nextOf(events)).toBeUndefined();
    expect(api.jobs.listeners).toBe(0);
  });

  test('events carry no document', async () => {
    const { events } = await follow();
    const event = await nextOf(events);
    expect(event?.data).not.toHaveProperty('payload');
    expect(event?.data).toHaveProperty('children');
  });

  test('many changes at once come as few events, the last of them true', async () => {
    const { events } = await follow();
    await nextOf(events);
    for (let percent = 1; percent <= 100; percent += 1) api.jobs.change('job_a', { progress: percent / 100 });
    const seen = [];
    for (let event = await nextOf(events); event?.data.progress !== 1; event = await nextOf(events)) {
      seen.push(event);
    }
    expect(seen.length).toBeLessThan(5);
  });

  // Milliseconds of a machine that may be busy with something else: what is promised must be seen once in four.
  test('the end is told at once, however short ago the last change was told', { retry: 3 }, async () => {
    const { events } = await follow();
    await nextOf(events);
    api.jobs.change('job_a', { status: 'running', phase: 'assembling' });
    await nextOf(events);
    const sent = performance.now();
    api.jobs.change('job_a', { status: 'done', phase: null, progress: 1 });
    expect(await nextOf(events)).toMatchObject({ name: 'done' });
    expect(performance.now() - sent).toBeLessThan(80);
  });

  test('a change of the scenes alone is told too', async () => {
    const { events } = await follow();
    await nextOf(events);
    const parentJobId = 'job_a';
    api.jobs.add({ jobId: 'scene_job_a_0001', userId: 'user_anna', parentJobId, status: 'running' });
    const row = api.jobs.rows.get('job_a');
    api.jobs.add({ ...row, jobId: 'job_a', userId: 'user_anna' });
    expect(await nextOf(events)).toMatchObject({ id: '1', data: { children: { total: 1, running: 1 } } });
  });

  test('a reader that comes back is told only what is new', async () => {
    api.jobs.change('job_a', { progress: 0.2 });
    const { events } = await follow({ 'last-event-id': '2' });
    await vi.waitFor(() => expect(api.jobs.listeners).toBe(1));
    api.jobs.change('job_a', { progress: 0.4 });
    expect(await nextOf(events)).toMatchObject({ id: '3', data: { progress: 0.4 } });
  });

  test('a reader that comes back after the end gets the final event', async () => {
    api.jobs.change('job_a', { status: 'failed', error: 'INTERNAL: no' });
    const { events } = await follow({ 'last-event-id': '2' });
    expect(await nextOf(events)).toMatchObject({ name: 'failed', data: { error: 'INTERNAL: no' } });
    expect(await nextOf(events)).toBeUndefined();
  });

  test.each(['abc', '-1', '1e3', '7', '999999999'])(
    'a last event id that is none of this job, %s, is passed over',
    async (id) => {
      const { events } = await follow({ 'last-event-id': id });
      expect(await nextOf(events)).toMatchObject({ id: '1' });
    },
  );

  test('ends when the job is removed', async () => {
    const { events } = await follow();
    await nextOf(events);
    api.jobs.rows.delete('job_a');
    api.jobs.add({ jobId: 'job_b', userId: 'user_anna' });
    api.jobs.nudge('job_a');
    expect(await nextOf(events)).toBeUndefined();
  });

  test('a database that is away for a moment does not end the stream', async () => {
    const { events } = await follow();
    await nextOf(events);
    const show = vi.spyOn(api.jobs, 'show').mockRejectedValueOnce(new Error('away'));
    api.jobs.change('job_a', { progress: 0.3 });
    await vi.waitFor(() => expect(show).toHaveBeenCalled());
    api.jobs.change('job_a', { progress: 0.4 });
    expect(await nextOf(events)).toMatchObject({ data: { progress: 0.4 } });
  });
});

describe('readers', () => {
  test('that leave are forgotten', async () => {
    const { events, leave } = await follow();
    await nextOf(events);
    leave.abort();
    await vi.waitFor(() => expect(api.jobs.listeners).toBe(0));
  });

  test('are bounded for each user, before anything is sent', async () => {
    const readers = await Promise.all(Array.from({ length: 100 }, () => follow()));
    await Promise.all(readers.map(({ events }) => nextOf(events)));
    const { response } = await follow();
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('of one job ask for it together', async () => {
    const readers = await Promise.all(Array.from({ length: 30 }, () => follow()));
    await Promise.all(readers.map(({ events }) => nextOf(events)));
    const look = api.jobs.show.bind(api.jobs);
    const show = vi.spyOn(api.jobs, 'show').mockImplementation(async (...asked) => {
      // Longer than a reader pauses between two events.
      await slowDatabase(150);
      return look(...asked);
    });
    api.jobs.change('job_a', { progress: 0.5 });
    for (const { events } of readers) expect(await nextOf(events)).toMatchObject({ data: { progress: 0.5 } });
    expect(show.mock.calls.length).toBeLessThan(10);
  });

  test('are let go when the server closes', async () => {
    const { events } = await follow();
    await nextOf(events);
    await api.server.close();
    expect(await nextOf(events)).toBeUndefined();
  });

  describe('whose key stops working', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    test('are let go within the interval, and nobody else is', async () => {
      const secretHash = hashSecret('another-secret-0123');
      await api.accounts.createKey({ keyId: 'second', userId: 'user_anna', secretHash, name: 'second' });
      const second = { 'x-api-key': 'sm_second.another-secret-0123' };
      const [revoked, other] = [await follow(), await follow(second)];
      await Promise.all([nextOf(revoked.events), nextOf(other.events)]);
      await vi.advanceTimersByTimeAsync(KEY_CHECK_MS);
      api.jobs.change('job_a', { progress: 0.1 });
      for (const { events } of [revoked, other])
        expect(await nextOf(events)).toMatchObject({ data: { progress: 0.1 } });
      await api.accounts.revokeKey('user_anna', 'anna');
      await vi.advanceTimersByTimeAsync(KEY_CHECK_MS);
      expect(await nextOf(revoked.events)).toBeUndefined();
      expect((await follow()).response.status).toBe(401);
      api.jobs.change('job_a', { progress: 0.2 });
      expect(await nextOf(other.events)).toMatchObject({ data: { progress: 0.2 } });
    });

    test('since their user lost the API, are let go, too', async () => {
      const { events } = await follow();
      await nextOf(events);
      api.accounts.plans.set('unlimited', { ...unlimitedPlan, hasApi: false });
      await vi.advanceTimersByTimeAsync(KEY_CHECK_MS);
      expect(await nextOf(events)).toBeUndefined();
    });

    test('are asked for by one question, and not at all when nobody reads', async () => {
      const asked = vi.spyOn(api.accounts, 'workingKeys');
      const readers = await Promise.all(Array.from({ length: 5 }, () => follow()));
      await Promise.all(readers.map(({ events }) => nextOf(events)));
      await vi.advanceTimersByTimeAsync(KEY_CHECK_MS);
      expect(asked.mock.calls).toEqual([[['anna']]]);
      for (const { leave } of readers) leave.abort();
      await vi.waitFor(() => expect(api.jobs.listeners).toBe(0));
      expect(vi.getTimerCount()).toBe(0);
    });

    test('are not let go because the database is away', async () => {
      const { events } = await follow();
      await nextOf(events);
      vi.spyOn(api.accounts, 'workingKeys').mockRejectedValueOnce(new Error('away'));
      await vi.advanceTimersByTimeAsync(KEY_CHECK_MS);
      api.jobs.change('job_a', { progress: 0.3 });
      expect(await nextOf(events)).toMatchObject({ data: { progress: 0.3 } });
    });
  });

  test('of a job that is not theirs get a plain 404', async () => {
    const { response } = await follow({ 'x-api-key': api.ben });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
