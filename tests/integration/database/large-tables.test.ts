// Questions that are asked again and again stay cheap, however much a server has rendered: none of them reads a whole table.
import { join } from 'node:path';
import pgPromise from 'pg-promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  // The triggers would tell of each of the rows.
  await test.sql('ALTER TABLE jobs DISABLE TRIGGER USER');
  for (const statement of rows) await test.sql(statement);
  await test.sql('ANALYZE');
});
afterAll(() => test.remove());

/** One user has a third of everything; one job of a thousand is active. */
const rows = [
  `INSERT INTO users SELECT 'u' || n, n || '@example.org', 'free' FROM generate_series(0, 99) AS n`,
  `INSERT INTO projects SELECT 'p' || n, 'u' || n, 'a project' FROM generate_series(0, 99) AS n`,
  `INSERT INTO jobs (job_id, user_id, project_id, type, status, progress, output_key, created_at, ended_at)
    SELECT 'j' || n, 'u' || owner, 'p' || owner, 'render.movie', CASE WHEN n % 1000 = 0 THEN 'running' ELSE 'done' END, 1,
      CASE WHEN n % 2 = 0 THEN 'o' END, now() - n * interval '10 minutes', now() - n * interval '10 minutes'
    FROM generate_series(1, 10000) AS n, LATERAL (SELECT CASE WHEN n % 3 = 0 THEN 0 ELSE n % 100 END AS owner) AS o`,
  `INSERT INTO jobs (job_id, user_id, project_id, type, status, progress, parent_job_id, scene_id, scene_index, created_at)
    SELECT job_id || '_' || n, user_id, project_id, 'render.scene', 'done', 1, job_id, 's' || n, n, created_at
    FROM jobs, generate_series(0, 3) AS n`,
  `INSERT INTO outbox SELECT job_id, created_at, created_at FROM jobs WHERE parent_job_id IS NULL`,
  `INSERT INTO usage_records SELECT job_id, user_id, 1, created_at FROM jobs WHERE parent_job_id IS NULL`,
  `INSERT INTO webhook_listeners (job_id, url) SELECT job_id, 'https://example.org' FROM outbox`,
  `INSERT INTO webhook_deliveries (delivery_id, user_id, job_id, url, event, progress, children, occurred_at, status)
    SELECT 'd' || job_id, user_id, job_id, 'https://example.org', 'done', 1, '{}', now(),
      CASE WHEN status = 'done' THEN 'delivered' ELSE 'pending' END
    FROM jobs WHERE parent_job_id IS NULL`,
  `INSERT INTO scene_clips SELECT 'k' || n, 'picture', 1, 'h', 1, now(), now() FROM generate_series(1, 20000) AS n`,
  `INSERT INTO scene_history SELECT 'p' || n % 100, 's' || n, 'k', '{}', now() - n * interval '1 hour'
    FROM generate_series(1, 20000) AS n`,
  `INSERT INTO assets SELECT 'a' || n, 'u' || n % 100, 'p' || n % 100, 'a file', 'ready', 'o', 1, 'h' || n, '{}'
    FROM generate_series(1, 20000) AS n`,
];

const bounds = { perUserMax: 5, limit: 20, leaseMs: 1_000, pauseMs: 1_000 };
const page = { userId: 'u0', projectId: 'p0', limit: 26, beforeAt: null, beforeId: null };
const jobsPage = { ...page, hasParent: false, parentJobId: null, type: null, status: null };
const scene = { jobId: null, sceneJobId: 'j1000_1', stage: null, from: 0, to: 1 };
const asked: [string, object][] = [
  ['webhooks/claim', bounds],
  ['webhooks/claim-progress', bounds],
  ['outbox/pending', { limit: 100 }],
  ['outbox/quiet', { quietSeconds: 60, after: '', limit: 100 }],
  ['jobs/count-by-state', {}],
  ['jobs/find-active-equal', { ...page, documentHash: 'h' }],
  ['jobs/list', jobsPage],
  ['jobs/list', { ...jobsPage, hasParent: true, parentJobId: 'j1000' }],
  ['jobs/list', { ...jobsPage, hasParent: true, type: 'render.scene' }],
  ['jobs/show', { userId: 'u0', jobId: 'j1000', isWhole: false }],
  ['accounts/usage', { userId: 'u1', now: null }],
  ['assets/list', { ...page, sha256: null }],
  ['assets/is-in-use', { ...page, reference: 'asset:a1' }],
  ['scenes/raise-parent', scene],
  ['clips/find', { keys: ['k1', 'k2'] }],
  ['history/last', { projectId: 'p1', sceneIds: ['s1', 's101'] }],
  ['housekeeping/outdated-outputs', { limit: 10 }],
  ['housekeeping/outdated-jobs', { ageSeconds: 86_400, limit: 10 }],
  ['housekeeping/forget-history', { limit: 10 }],
  ['housekeeping/forget-job', { jobId: 'j1' }],
  ['housekeeping/statuses', { jobIds: ['j1', 'j2'] }],
];

it.each(asked)('%s reads no whole table (%j)', async (name, values) => {
  const path = join(import.meta.dirname, '../../../database/sql', `${name}.sql`);
  const file = new pgPromise.QueryFile(path, { minify: true, noWarnings: true });
  const plan = await test.sql<{ 'QUERY PLAN': string }>(`EXPLAIN ${pgPromise.as.format(file, values)}`);
  const whole = plan
    .map((line) => line['QUERY PLAN'])
    .filter((line) => /Seq Scan on (?!users|plans|projects|api_keys)/.test(line));
  expect(whole).toEqual([]);
});
