// What callers get when they race, over HTTP, on a real Postgres.
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createServer } from '../../../api/create-server.ts';
import { createRealApi, film, firstKey, type RealApi } from './real-api.ts';

let api: RealApi;

beforeAll(async () => {
  api = await createRealApi();
  await api.test.sql(`INSERT INTO plans SELECT 'minute', 1, NULL, NULL, 600, 1920, 1080, true, NULL, 1000`);
});
afterAll(() => api.close());

const submit = (key: string, payload: object, headers: Record<string, string> = {}, server = api.server) =>
  server.inject({
    method: 'POST',
    url: '/v1/render/jobs',
    payload,
    headers: { 'x-api-key': key, ...headers },
  });
const get = (url: string, key: string) => api.server.inject({ url, headers: { 'x-api-key': key } });
const statuses = (answers: readonly { readonly statusCode: number }[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { statusCode } of answers) counts[statusCode] = (counts[statusCode] ?? 0) + 1;
  return counts;
};

describe('minutes', () => {
  test('of the last minute: of two submissions at once one is a 202, one a 402', async () => {
    const key = await api.addUser('racer', 'minute');
    const answers = await Promise.all([1, 2].map(() => submit(key, film('project_racer', 60))));
    expect(statuses(answers)).toEqual({ 202: 1, 402: 1 });
    const refused = answers.find(({ statusCode }) => statusCode === 402);
    expect(refused?.json()).toMatchObject({ code: 'RENDER_QUOTA_EXCEEDED' });
    expect((await get('/v1/usage', key)).json()).toEqual({
      month: { minutesUsed: 0, minutesLeft: 0 },
      today: { minutesUsed: 0, minutesLeft: null },
      minutesReserved: 1,
      activeJobs: 1,
      activeJobsMax: null,
    });
  });

  test('come back with a cancel, and the retry takes them anew', async () => {
    const key = await api.addUser('retrier', 'minute');
    const { jobId } = (await submit(key, film('project_retrier', 60))).json<{ jobId: string }>();
    await api.test.database.jobs.cancel(jobId);
    const retry = () =>
      api.server.inject({ method: 'POST', url: `/v1/jobs/${jobId}/retry`, headers: { 'x-api-key': key } });
    expect(statuses(await Promise.all([retry(), retry(), retry()]))).toEqual({ 202: 1, 402: 2 });
    expect((await get('/v1/usage', key)).json()).toMatchObject({ minutesReserved: 1, activeJobs: 1 });
  });
});

describe('the day and the month', () => {
  test('are those of the database, whatever the clock of the process that is asked says', async () => {
    const key = await api.addUser('timely', 'minute');
    await api.test.sql(`INSERT INTO usage_records VALUES ('job_timely', 'user_timely', 0.5)`);
    const ahead = createServer({ ...api.services, clock: () => new Date(Date.now() + 40 * 24 * 3_600_000) });
    const usage = await ahead.inject({ url: '/v1/usage', headers: { 'x-api-key': key } });
    expect(usage.json()).toMatchObject({ month: { minutesUsed: 0.5 }, today: { minutesUsed: 0.5 } });
    expect((await submit(key, film('project_timely', 60), {}, ahead)).statusCode).toBe(402);
    await ahead.close();
  });
});

describe('jobs at once', () => {
  test('are as many as the plan says, and the next is a 409 until one has ended', async () => {
    const key = await api.addUser('crowd', 'pro');
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => submit(key, film('project_crowd', 1))),
    );
    expect(statuses(answers)).toEqual({ 202: 3, 409: 9 });
    const started = answers.find(({ statusCode }) => statusCode === 202);
    await api.test.database.jobs.cancel(started?.json<{ jobId: string }>().jobId ?? '');
    expect((await submit(key, film('project_crowd', 1))).statusCode).toBe(202);
  });
});

describe('the last place', () => {
  const settings = { ASSETS_PER_USER_MAX: 3, PROJECTS_PER_USER_MAX: 3 };
  let bounded: FastifyInstance;
  beforeAll(() => {
    bounded = createServer({ ...api.services, settings: { ...api.services.settings, ...settings } });
  });
  afterAll(() => bounded.close());

  test('among assets: of many uploads at once, in two projects, as many pass as there are places', async () => {
    const key = await api.addUser('hoarder', 'unlimited');
    await api.test.database.accounts.createProject({
      projectId: 'project_hoarder_2',
      userId: 'user_hoarder',
      name: 'Second',
    });
    const upload = (index: number) =>
      bounded.inject({
        method: 'POST',
        url: `/v1/assets?projectId=project_hoarder${index % 2 === 0 ? '' : '_2'}`,
        headers: { 'x-api-key': key, 'content-type': 'audio/wav' },
        payload: `sound ${index}`,
      });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => upload(index)));
    expect(statuses(answers)).toEqual({ 202: 3, 409: 5 });
    expect(await api.test.sql(`SELECT FROM assets WHERE user_id = 'user_hoarder'`)).toHaveLength(3);
    const kept = answers.find(({ statusCode }) => statusCode === 202)?.json<{ assetId: string }>();
    await bounded.inject({
      method: 'DELETE',
      url: `/v1/assets/${kept?.assetId ?? ''}`,
      headers: { 'x-api-key': key },
    });
    expect((await upload(9)).statusCode).toBe(202);
    const other = await api.addUser('neighbour', 'unlimited');
    const theirs = await bounded.inject({
      method: 'POST',
      url: '/v1/assets?projectId=project_neighbour',
      payload: 'sound',
      headers: { 'x-api-key': other, 'content-type': 'audio/wav' },
    });
    expect(theirs.statusCode).toBe(202);
  });

  test('among projects: the same', async () => {
    const key = await api.addUser('planner', 'unlimited');
    const create = () =>
      bounded.inject({
        method: 'POST',
        url: '/v1/projects',
        payload: { name: 'One more' },
        headers: { 'x-api-key': key },
      });
    expect(statuses(await Promise.all(Array.from({ length: 8 }, create)))).toEqual({ 201: 2, 409: 6 });
  });
});

describe('an idempotency key', () => {
  test('sent fifty times at once makes one job and fifty equal answers', async () => {
    const key = await api.addUser('fifty', 'pro');
    const body = film('project_fifty', 30);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => submit(key, body, { 'idempotency-key': 'one' })),
    );
    expect(statuses(answers)).toEqual({ 202: 50 });
    expect(new Set(answers.map(({ body: text, headers }) => text + String(headers.location))).size).toBe(1);
    expect((await get('/v1/jobs', key)).json<{ jobs: unknown[] }>().jobs).toHaveLength(1);
    const other = await submit(key, film('project_fifty', 31), { 'idempotency-key': 'one' });
    expect(other.json()).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  });

  test('repeated to another process, after the first died before its answer, leads to the job that was started', async () => {
    const key = await api.addUser('phoenix', 'pro');
    const lost = await submit(key, film('project_phoenix', 1), { 'idempotency-key': 'one' });
    const { jobId } = lost.json<{ jobId: string }>();
    await vi.waitFor(() => expect(api.temporal.started.map((job) => job.jobId)).toContain(jobId));
    const other = createServer(api.services);
    const again = await submit(key, film('project_phoenix', 1), { 'idempotency-key': 'one' }, other);
    await other.close();
    expect(again.json()).toEqual(lost.json());
    expect(api.temporal.started.filter((job) => job.userId === 'user_phoenix')).toHaveLength(1);
  });

  test('may hold any letters a header can', async () => {
    for (const name of ["'; --", '{"a":1}', 'é\u00ff', 'k'.repeat(255)]) {
      const answer = await submit(firstKey, film('default', 1), { 'idempotency-key': name });
      expect(answer.statusCode).toBe(202);
    }
  });
});

describe('the rate limit', () => {
  test('lets 120 of 130 requests through that come within 60 s over the edge of a minute', async () => {
    const key = await api.addUser('hurry', 'pro');
    const burst = (count: number) => Promise.all(Array.from({ length: count }, () => get('/v1/me', key)));
    expect(statuses(await burst(65))).toEqual({ 200: 65 });
    // 40 s later: another minute of the clock, the same 60 s.
    await api.test.sql(
      `UPDATE request_windows SET taken_at = ARRAY(SELECT taken - interval '40 s' FROM unnest(taken_at) AS taken)
       WHERE key_id = 'hurry'`,
    );
    const answers = await burst(65);
    expect(statuses(answers)).toEqual({ 200: 55, 429: 10 });
    for (const { statusCode, headers } of answers) {
      if (statusCode !== 429) continue;
      // The first 65 fall out of the window 20 s after the second burst began.
      expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(15);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(20);
    }
  });

  test('does not stand in the way of an installation of one team', async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => get('/v1/me', firstKey)));
    expect(statuses(answers)).toEqual({ 200: 150 });
  });
});

describe('keys', () => {
  test('are kept as hashes, used, listed with their last use, and revoked at once', async () => {
    const issued = await api.server.inject({
      method: 'POST',
      url: '/v1/keys',
      payload: { name: 'ci' },
      headers: { 'x-api-key': firstKey },
    });
    const { key, keyId } = issued.json<{ key: string; keyId: string }>();
    const kept = await api.test.sql<{ row: string }>(`SELECT to_json(k)::text AS row FROM api_keys AS k`);
    expect(kept.map(({ row }) => row).join()).not.toContain(key.split('.')[1]);
    expect((await get('/v1/me', key)).json()).toMatchObject({ userId: 'user_owner' });
    await vi.waitFor(async () => {
      const { keys } = (await get('/v1/keys', firstKey)).json<{ keys: { lastUsedAt: string | null }[] }>();
      expect(keys[0]).toMatchObject({ keyId, name: 'ci' });
      expect(keys[0]?.lastUsedAt).toMatch(/^20/);
    });
    const revoke = await api.server.inject({
      method: 'DELETE',
      url: `/v1/keys/${keyId}`,
      headers: { 'x-api-key': firstKey },
    });
    expect(revoke.statusCode).toBe(204);
    expect((await get('/v1/me', key)).json()).toMatchObject({ code: 'API_KEY_REVOKED' });
  });
});

describe("another user's job", () => {
  test('is not found by any question to the database', async () => {
    const [owner, other] = [await api.addUser('owner', 'pro'), await api.addUser('other', 'pro')];
    const { jobId } = (await submit(owner, film('project_owner', 1))).json<{ jobId: string }>();
    for (const part of ['', '/plan', '/artifacts', '/progress'])
      expect((await get(`/v1/jobs/${jobId}${part}`, other)).statusCode).toBe(404);
    for (const [method, part] of [
      ['POST', '/cancel'],
      ['POST', '/retry'],
      ['DELETE', ''],
    ] as const) {
      const headers = { 'x-api-key': other };
      const answer = await api.server.inject({ method, url: `/v1/jobs/${jobId}${part}`, headers });
      expect(answer.statusCode).toBe(404);
    }
    const project = await submit(other, film('project_owner', 1));
    expect(project.statusCode).toBe(404);
  });
});
