import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApiMetrics } from '../../../api/api-metrics.ts';
import { createServer } from '../../../api/create-server.ts';
import { observeRequests } from '../../../api/observe-requests.ts';
import { serveMetrics } from '../../../api/serve-metrics.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';

let api: FakeApi;
let server: FakeApi['server'];

beforeEach(async () => {
  api = await createFakeApi();
  server = createServer(api.services);
  const metrics = createApiMetrics(() => Promise.resolve([{ status: 'queued', jobs: 2, unsent: 1 }]));
  observeRequests(server, metrics, null);
  serveMetrics(server, metrics.registry);
});
afterEach(async () => {
  await server.close();
  await api.server.close();
});

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('metrics are told to %s', async (remoteAddress) => {
  const answer = await server.inject({ url: '/metrics', remoteAddress });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toContain('text/plain');
  expect(answer.body).toContain('scenemill_jobs{state="queued"} 2');
});

test.each([
  ['192.0.2.7', {}],
  ['10.0.0.7', {}],
  ['127.0.0.1', { 'x-forwarded-for': '192.0.2.7' }],
  ['127.0.0.1', { forwarded: 'for=192.0.2.7' }],
])('and not to %s with %j', async (remoteAddress, headers) => {
  const answer = await server.inject({ url: '/metrics', remoteAddress, headers });
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
});

test('requests are counted by their route, never by what stands in an address', async () => {
  await server.inject({ url: '/v1/jobs/job_hidden', headers: { 'x-api-key': api.anna } });
  await server.inject({ url: '/nothing/hidden?signature=hidden' });
  const { body } = await server.inject({ url: '/metrics' });
  expect(body).toContain(
    'scenemill_http_requests_total{method="GET",route="/v1/jobs/:jobId",status="404"} 1',
  );
  expect(body).toContain('route="none"');
  expect(body).not.toContain('hidden');
});
