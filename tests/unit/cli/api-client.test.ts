import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiClient } from '../../../cli/api-client.ts';
import { ApiError } from '../../../cli/api-error.ts';
import {
  asset,
  type FakeApi,
  fault,
  jobView,
  json,
  sceneJob,
  startFakeApi,
} from '../../support/fake-server.ts';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.close());

const faultOf = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => {
      throw new Error('the call went through');
    },
    (error: unknown) => {
      if (error instanceof ApiError) return error;
      throw error;
    },
  );

test('a call carries the key and answers the parsed body', async () => {
  api.on('GET /v1/jobs/job_1', json(jobView({ progress: 0.5 })));
  await expect(api.client.getJob('job_1')).resolves.toMatchObject({ jobId: 'job_1', progress: 0.5 });
  expect(api.calls[0]?.headers.authorization).toBe('Bearer sm_key');
});

test('an error of the server keeps its code, text and details', async () => {
  const details = [{ path: 'movie.scenes[0].id', message: 'is missing', hint: 'name it' }];
  api.on('POST /v1/render/jobs', fault(400, 'VALIDATION_ERROR', 'The document is not valid.', { details }));
  const error = await faultOf(api.client.submit({}));
  expect(error).toMatchObject({ code: 'VALIDATION_ERROR', status: 400, details });
  expect(error.isPassing).toBe(false);
});

test('a limit says how long to wait', async () => {
  api.on('GET /v1/jobs/job_1', (response) => {
    response.writeHead(429, { 'retry-after': '5' });
    response.end(JSON.stringify({ error: 'Too many.', code: 'RATE_LIMITED' }));
  });
  const error = await faultOf(api.client.getJob('job_1'));
  expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 5000, isPassing: true });
});

test('an answer that is not of the contract is told as such', async () => {
  api.on('GET /v1/jobs/job_1', (response) => response.end('<html>proxy</html>'));
  expect((await faultOf(api.client.getJob('job_1'))).code).toBe('BAD_ANSWER');
  api.on('GET /v1/jobs/job_1', (response) => response.writeHead(502).end('<html>bad gateway</html>'));
  const error = await faultOf(api.client.getJob('job_1'));
  expect(error).toMatchObject({ code: 'BAD_ANSWER', status: 502, isPassing: true });
  expect(error.message).toContain('bad gateway');
});

test('a server that is not there is told by its address', async () => {
  const client = new ApiClient({ apiUrl: 'http://127.0.0.1:1', apiKey: 'k' });
  const error = await faultOf(client.getJob('job_1'));
  expect(error).toMatchObject({ code: 'NO_ANSWER', status: 0, isPassing: true });
  expect(error.message).toContain('http://127.0.0.1:1 cannot be reached');
});

test('an id cannot leave its place in the path', async () => {
  await faultOf(api.client.getJob('../assets?x=1'));
  expect(api.calls[0]?.url).toBe('/v1/jobs/..%2Fassets%3Fx%3D1');
});

test('an upload sends the bytes of the file with its name and project', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-'));
  const file = join(folder, 'a clip.mp4');
  await writeFile(file, Buffer.alloc(300_000, 7));
  api.on('POST /v1/assets', json(asset(), 201));
  await expect(api.client.uploadAsset({ projectId: 'p', name: 'a clip.mp4', file })).resolves.toMatchObject({
    assetId: 'a1',
  });
  expect(api.calls[0]?.url).toBe('/v1/assets?projectId=p&name=a+clip.mp4');
  expect(api.calls[0]?.body.equals(Buffer.alloc(300_000, 7))).toBe(true);
  await rm(folder, { recursive: true });
});

test('scenes are listed page by page up to a bound, parts of other kinds left out', async () => {
  const page = (id: string, nextCursor: string | null) =>
    json({ jobs: [sceneJob(id), jobView({ type: 'render.assemble', parentJobId: 'job_1' })], nextCursor });
  api.on('GET /v1/jobs', page('a', 'c1'), page('b', 'c2'), page('c', null));
  expect((await api.client.listScenes('job_1', 10)).map((job) => job.sceneId)).toEqual(['a', 'b', 'c']);
  expect(api.calls[1]?.url).toContain('cursor=c1');
  api.on('GET /v1/jobs', page('a', 'again'));
  expect(await api.client.listScenes('job_1', 2)).toHaveLength(2);
});

test('the key goes to the server itself and to no other', async () => {
  const other = await startFakeApi();
  other.on('GET /film.mp4', (response) => response.end('film'));
  api.on('GET /film.mp4', (response) => response.end('film'));
  const { signal } = new AbortController();
  await (await api.client.openLink('/film.mp4', signal)).text();
  await (await api.client.openLink(`${other.url}/film.mp4`, signal)).text();
  expect(api.calls[0]?.headers.authorization).toBe('Bearer sm_key');
  expect(other.calls[0]?.headers.authorization).toBeUndefined();
  await other.close();
});
