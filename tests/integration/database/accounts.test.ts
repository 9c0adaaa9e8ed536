import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser, submit } from './fixtures.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await addUser(test.database);
});
afterAll(() => test.remove());

describe('API keys', () => {
  it('lead to their user and plan until they are revoked', async () => {
    const { accounts } = test.database;
    await accounts.createKey({ keyId: 'key_1', userId: 'user_1', secretHash: 'hash', name: 'a key' });
    expect(await accounts.findKey('key_1')).toEqual({
      secretHash: 'hash',
      isRevoked: false,
      user: { userId: 'user_1', email: 'user_1@example.org', plan: 'unlimited' },
      plan: {
        plan: 'unlimited',
        minutesPerMonth: null,
        minutesPerDay: null,
        jobsAtOnce: null,
        filmSecondsMax: 2_147_483_647,
        widthMax: 2_147_483_647,
        heightMax: 2_147_483_647,
        hasApi: true,
        retentionDays: null,
        requestsPerMinute: null,
      },
    });
    await accounts.touchKey('key_1');
    await accounts.touchKey('key_1');
    expect(await accounts.revokeKey('user_2', 'key_1')).toBe(false);
    expect(await accounts.revokeKey('user_1', 'key_1')).toBe(true);
    expect(await accounts.findKey('key_1')).toMatchObject({ isRevoked: true });
    expect(await accounts.findKey('key_none')).toBeNull();
  });

  it('work while they are not revoked and their plan has the API', async () => {
    const { accounts } = test.database;
    await accounts.createUser({ userId: 'user_free', email: 'free@example.org', plan: 'free' });
    const make = (keyId: string, userId: string) =>
      accounts.createKey({ keyId, userId, secretHash: 'hash', name: 'a key' });
    await Promise.all([make('on', 'user_1'), make('off', 'user_1'), make('free', 'user_free')]);
    await accounts.revokeKey('user_1', 'off');
    expect(await accounts.workingKeys(['on', 'off', 'free', 'none'])).toEqual(new Set(['on']));
    expect(await accounts.workingKeys([])).toEqual(new Set());
  });

  it('that were revoked are forgotten, the oldest first, so that none pile up', async () => {
    const { accounts } = test.database;
    await addUser(test.database, 'user_many', 'project_many');
    await test.sql(`INSERT INTO api_keys (key_id, user_id, secret_hash, name, revoked_at)
      SELECT 'many_' || number, 'user_many', 'hash', 'a key', now() - number * interval '1 minute'
      FROM generate_series(1, 405) AS number`);
    const issue = (keyId: string) =>
      accounts.issueKey({ keyId, userId: 'user_many', secretHash: 'hash', name: 'new' }, 100);
    expect(await issue('many_new')).toMatchObject({ keyId: 'many_new' });
    const listed = (await accounts.listKeys('user_many')).map(({ keyId }) => keyId);
    expect(listed).toHaveLength(401);
    expect(listed).toContain('many_400');
    expect(await accounts.findKey('many_401')).toBeNull();
    expect(await accounts.findKey('many_new')).toMatchObject({ isRevoked: false });
  });

  it('may be made again by their user only', async () => {
    const { accounts } = test.database;
    await addUser(test.database, 'user_2', 'project_2');
    await accounts.createKey({ keyId: 'key_2', userId: 'user_1', secretHash: 'first', name: 'a key' });
    await accounts.createKey({ keyId: 'key_2', userId: 'user_1', secretHash: 'second', name: 'a key' });
    const stolen = { keyId: 'key_2', userId: 'user_2', secretHash: 'third', name: 'a key' };
    await expect(accounts.createKey(stolen)).rejects.toMatchObject({ code: 'INVALID_STATE' });
    expect(await accounts.findKey('key_2')).toMatchObject({
      secretHash: 'second',
      user: { userId: 'user_1' },
    });
  });
});

describe('plans', () => {
  it('are those of the price list', async () => {
    const plans = await test.sql<{ plan: string }>('SELECT * FROM plan_rows ORDER BY plan');
    expect(plans.map(({ plan }) => plan)).toEqual(['business', 'enterprise', 'free', 'pro', 'unlimited']);
    expect(plans.find(({ plan }) => plan === 'free')).toMatchObject({
      minutesPerMonth: 30,
      minutesPerDay: 5,
      jobsAtOnce: 1,
      filmSecondsMax: 600,
      widthMax: 1280,
      heightMax: 720,
      hasApi: false,
    });
  });
});

describe('projects', () => {
  it('are found and listed for their user only, and made once', async () => {
    const { accounts } = test.database;
    await accounts.createProject({ projectId: 'project_a', userId: 'user_1', name: 'First' });
    const again = await accounts.createProject({ projectId: 'project_a', userId: 'user_1', name: 'Second' });
    expect(again).toMatchObject({ projectId: 'project_a', name: 'First' });
    await addUser(test.database, 'user_2', 'project_2');
    expect(await accounts.findProject('user_2', 'project_a')).toBeNull();
    await accounts.createProject({ projectId: 'project_b', userId: 'user_1', name: 'Third' });
    const listed: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await accounts.listProjects('user_1', { limit: 2, cursor: cursor ?? null });
      listed.push(...page.projects.map(({ projectId }) => projectId));
      cursor = page.nextCursor;
    }
    expect(listed).toEqual(['project_b', 'project_a', 'project_1']);
    await expect(
      accounts.createProject({ projectId: 'project_a', userId: 'user_2', name: 'Mine' }),
    ).rejects.toMatchObject({ code: 'INVALID_STATE' });
  });
});

describe('usage', () => {
  it('counts minutes from the first of the month and from midnight, both in UTC', async () => {
    const book = (jobId: string, minutes: number, bookedAt: string) =>
      test.sql(`INSERT INTO usage_records VALUES ($<jobId>, 'user_1', $<minutes>, $<bookedAt>)`, {
        jobId,
        minutes,
        bookedAt,
      });
    await book('a', 1, '2026-02-28T23:59:59Z');
    await book('b', 2, '2026-03-01T00:00:00Z');
    await book('c', 4, '2026-03-15T00:30:00Z');
    const usage = await test.database.accounts.usage('user_1', new Date('2026-03-15T01:00:00Z'));
    expect(usage).toEqual({ minutesThisMonth: 6, minutesToday: 4, minutesReserved: 0, activeJobs: 0 });
    await submit(test.database, 'job_1');
    expect(await test.database.accounts.usage('user_1', new Date('2026-03-16T00:00:00Z'))).toEqual({
      minutesThisMonth: 6,
      minutesToday: 0,
      minutesReserved: 1,
      activeJobs: 1,
    });
    expect(await test.database.accounts.usage('nobody', new Date())).toMatchObject({ minutesThisMonth: 0 });
  });
});
