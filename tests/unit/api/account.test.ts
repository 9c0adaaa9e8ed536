import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashSecret } from '../../../api/api-key.ts';
import { bootstrapAccount } from '../../../api/bootstrap-account.ts';
import { FakeAccounts, unlimitedPlan } from '../../support/fake-accounts.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';

let api: FakeApi;

beforeEach(async () => {
  api = await createFakeApi();
});
afterEach(async () => {
  await api.server.close();
});

const get = (url: string, key = api.anna) => api.server.inject({ url, headers: { 'x-api-key': key } });

describe('usage', () => {
  test('tells what is left, and never less than nothing', async () => {
    const plan = { ...unlimitedPlan, plan: 'small', minutesPerMonth: 30, minutesPerDay: 5, jobsAtOnce: 2 };
    const key = await api.accounts.addUser('carl', plan);
    api.accounts.used = { minutesThisMonth: 12.5, minutesToday: 3, minutesReserved: 2.5, activeJobs: 1 };
    expect((await get('/v1/usage', key)).json()).toEqual({
      month: { minutesUsed: 12.5, minutesLeft: 15 },
      today: { minutesUsed: 3, minutesLeft: 0 },
      minutesReserved: 2.5,
      activeJobs: 1,
      activeJobsMax: 2,
    });
  });

  test('has no end on a plan without limits', async () => {
    expect((await get('/v1/usage')).json()).toMatchObject({
      month: { minutesLeft: null },
      activeJobsMax: null,
    });
  });
});

describe('projects', () => {
  const create = (payload: object) =>
    api.server.inject({ method: 'POST', url: '/v1/projects', headers: { 'x-api-key': api.anna }, payload });

  test('are made and listed for their user alone', async () => {
    const answer = await create({ name: 'Trailers' });
    expect(answer.statusCode).toBe(201);
    const project = answer.json<{ projectId: string }>();
    expect(project).toMatchObject({ name: 'Trailers', createdAt: '2026-01-01T00:00:00.000Z' });
    const list = async (key: string): Promise<string[]> =>
      (await get('/v1/projects', key))
        .json<{ projects: { name: string }[] }>()
        .projects.map(({ name }) => name);
    expect(await list(api.anna)).toEqual(['anna', 'Trailers']);
    expect(await list(api.ben)).toEqual(['ben']);
  });

  test('one more than a user may have is a 409 that says what to do', async () => {
    await api.server.close();
    api = await createFakeApi({ PROJECTS_PER_USER_MAX: '2' });
    expect((await create({ name: 'Second' })).statusCode).toBe(201);
    const answer = await create({ name: 'Third' });
    expect([answer.statusCode, answer.json()]).toEqual([
      409,
      {
        code: 'INVALID_STATE',
        error:
          'A user may have 2 projects. Use one of yours, or ask the operator to raise PROJECTS_PER_USER_MAX.',
      },
    ]);
    expect(api.accounts.projects.size).toBe(3);
  });

  test.each([
    [{}, [{ path: 'name', message: 'is missing' }]],
    [{ name: '' }, [{ path: 'name' }]],
    [{ name: 'a\nb' }, [{ path: 'name', message: 'control characters are not allowed' }]],
    [{ name: 1 }, [{ path: 'name' }]],
    [{ name: 'a', colour: 'red', 'x-y': 1 }, [{ path: 'colour' }, { path: 'x-y' }]],
  ])('%j is no project, and every wrong field is named by its path', async (payload, details) => {
    const answer = await create(payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'VALIDATION_ERROR', details });
  });
});

describe('readiness', () => {
  test('holds while all parts answer', async () => {
    expect((await get('/readyz')).json()).toEqual({ status: 'ready', sandbox: 'bwrap' });
    expect((await get('/healthz')).json()).toEqual({ status: 'ok' });
    for (const url of ['/healthz', '/readyz'])
      expect(await api.server.inject({ method: 'HEAD', url })).toMatchObject({ statusCode: 200, body: '' });
  });

  test('names the parts that are away and tells no address', async () => {
    api.store.isAway = true;
    api.temporal.isAway = true;
    const answer = await get('/readyz');
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.json()).toMatchObject({
      code: 'UNAVAILABLE',
      details: [{ path: 'temporal' }, { path: 'store' }],
    });
    expect(answer.body).not.toContain('10.0.0');
    expect((await get('/healthz')).statusCode).toBe(200);
  });
});

describe('the first account', () => {
  test('is made once, with a project and the key given', async () => {
    const accounts = new FakeAccounts();
    await bootstrapAccount(accounts, 'sm_first.0123456789abcdef');
    await bootstrapAccount(accounts, 'sm_first.0123456789abcdef');
    expect([...accounts.users.values()]).toMatchObject([{ plan: 'unlimited' }]);
    expect((await accounts.findKey('first'))?.secretHash).toBe(hashSecret('0123456789abcdef'));
    expect([...accounts.projects.keys()]).toEqual(['default']);
  });

  test.each(['first.secret', 'sm_first.short', 'sm_.0123456789abcdef'])('refuses the key %s', async (key) => {
    await expect(bootstrapAccount(new FakeAccounts(), key)).rejects.toThrow('BOOTSTRAP_API_KEY');
  });
});
