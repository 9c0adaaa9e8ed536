// `scenemill users` as a process, on a real Postgres.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type End, startScenemill } from '../../support/run-scenemill.ts';
import { createRealApi, type RealApi } from '../api/real-api.ts';

let api: RealApi;

beforeAll(async () => {
  api = await createRealApi();
});
afterAll(() => api.close());

const users = (commandLine: readonly string[], databaseUrl = api.test.url): Promise<End> =>
  startScenemill({ environment: { DATABASE_URL: databaseUrl }, timeoutMs: 60_000 }, ['users', ...commandLine])
    .ended;

type Added = { readonly userId: string; readonly projectId: string; readonly key: string };
const added = ({ stdout }: End): Added => JSON.parse(stdout) as Added;
const me = (key: string) => api.server.inject({ url: '/v1/me', headers: { 'x-api-key': key } });

test('a user who is added has a project and a key that works at once; of the key only the hash is kept', async () => {
  const anna = added(await users(['add', 'anna@example.org', '--plan', 'pro', '--json']));
  expect((await me(anna.key)).json()).toEqual({
    userId: anna.userId,
    plan: 'pro',
    email: 'anna@example.org',
  });
  const projects = await api.server.inject({ url: '/v1/projects', headers: { 'x-api-key': anna.key } });
  expect(projects.json()).toMatchObject({ projects: [{ projectId: anna.projectId }] });
  const rows = await api.test.sql<{ row: string }>(`SELECT to_json(k)::text AS row FROM api_keys AS k`);
  expect(rows.map(({ row }) => row).join()).not.toContain(anna.key.split('.')[1]);
});

test('a plan that is changed holds from the next request on', async () => {
  const ben = added(await users(['add', 'ben@example.org', '--plan', 'pro', '--json']));
  expect(await users(['plan', ben.userId, 'free'])).toMatchObject({ code: 0 });
  expect((await me(ben.key)).json()).toMatchObject({ plan: 'free' });
  const jobs = await api.server.inject({ url: '/v1/jobs', headers: { 'x-api-key': ben.key } });
  expect(jobs.statusCode).toBe(403);
});

test('a further key works beside the first', async () => {
  const carl = added(await users(['add', 'carl@example.org', '--plan', 'pro', '--json']));
  const { stdout, code } = await users(['key', carl.userId, '--name', 'laptop']);
  expect(code).toBe(0);
  expect((await me(stdout.trim())).json()).toMatchObject({ userId: carl.userId });
  expect((await me(carl.key)).statusCode).toBe(200);
});

test('users and plans are listed, page by page', async () => {
  const first = await users(['list', '--limit', '1']);
  expect(first.stdout).toContain('more: --cursor ');
  const page = JSON.parse((await users(['list', '--json'])).stdout) as { users: { email: string }[] };
  expect(page.users.map(({ email }) => email)).toContain('owner@localhost');
  expect((await users(['plans'])).stdout).toMatch(/free\s+no\s+30\s+5\s+1/);
});

test.each([
  [['add', 'nobody', '--plan', 'pro'], 2, 'is not an e-mail address'],
  [['add', 'dora@example.org'], 2, '--plan'],
  [['add', 'dora@example.org', '--plan', 'gold'], 1, 'There are free, pro, business, enterprise, unlimited.'],
  [['add', 'OWNER@localhost.example', '--plan', 'gold'], 1, 'There is no plan "gold"'],
  [['plan', 'user_nobody', 'pro'], 1, 'There is no user "user_nobody"'],
  [['key', 'user_nobody'], 1, 'There is no user "user_nobody"'],
  [['list', '--cursor', 'x'], 1, 'The cursor is not one that a list gave'],
] as const)('%j says what is wrong', async (commandLine, code, text) => {
  const end = await users(commandLine);
  expect([end.code, end.stdout]).toEqual([code, '']);
  expect(end.stderr).toContain(text);
});

test('the same address twice is refused, and nothing is left of it', async () => {
  await users(['add', 'eve@example.org', '--plan', 'pro']);
  const again = await users(['add', 'EVE@example.org', '--plan', 'pro']);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  const rows = await api.test.sql(`SELECT user_id FROM users WHERE lower(email) = 'eve@example.org'`);
  expect(rows).toHaveLength(1);
});

test('without a database it says which variable is missing, and of one that is away that it is', async () => {
  expect((await users(['list'], '')).stderr).toContain('There is no DATABASE_URL');
  const away = await users(['list'], 'postgres://nobody:hunter2@127.0.0.1:1/none');
  expect(away).toMatchObject({ code: 1 });
  expect(away.stderr).toContain('UNAVAILABLE');
  expect(away.stderr).not.toContain('hunter2');
});
