// Nothing of one user is there for another, over HTTP, on a real Postgres: neither its content nor that it exists.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRealApi, film, type RealApi } from './real-api.ts';

let api: RealApi;
let owner: string;
let other: string;
let jobId = '';
let keyId = '';
const assetId = 'asset_ofowner';

const ask = (key: string, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  api.server.inject({
    method,
    url,
    headers: { 'x-api-key': key },
    ...(payload === undefined ? {} : { payload }),
  });

beforeAll(async () => {
  api = await createRealApi();
  [owner, other] = [await api.addUser('owner', 'pro'), await api.addUser('other', 'pro')];
  const callbackUrl = 'https://hooks.example.org/owner';
  const sent = await ask(owner, 'POST', '/v1/render/jobs', { ...film('project_owner', 1), callbackUrl });
  jobId = sent.json<{ jobId: string }>().jobId;
  // Ended, so that there is a delivery.
  await api.test.database.jobs.cancel(jobId);
  await api.test.database.assets.create({
    assetId,
    userId: 'user_owner',
    projectId: 'project_owner',
    name: 'a',
    objectKey: `assets/${assetId}`,
    bytes: 1,
    sha256: 'a'.repeat(64),
  });
  keyId = (await ask(owner, 'POST', '/v1/keys', { name: 'second' })).json<{ keyId: string }>().keyId;
});
afterAll(() => api.close());

/** What is asked of a thing of the owner's, and of one that nobody has: the answers must not differ. */
const things = (): readonly (readonly ['GET' | 'POST' | 'DELETE', (id: string) => string, string])[] => [
  ...(['', '/plan', '/artifacts', '/progress'] as const).map(
    (part) => ['GET', (id: string) => `/v1/jobs/${id}${part}`, jobId] as const,
  ),
  ...(['cancel', 'retry'] as const).map(
    (part) => ['POST', (id: string) => `/v1/jobs/${id}/${part}`, jobId] as const,
  ),
  ['DELETE', (id) => `/v1/jobs/${id}`, jobId],
  ['GET', (id) => `/v1/assets/${id}`, assetId],
  ['DELETE', (id) => `/v1/assets/${id}`, assetId],
  ['GET', (id) => `/v1/assets?projectId=${id}`, 'project_owner'],
  ['POST', (id) => `/v1/assets?projectId=${id}`, 'project_owner'],
  ['GET', (id) => `/v1/webhooks/deliveries/${id}`, `msg_${jobId}`],
  ['POST', (id) => `/v1/webhooks/deliveries/${id}/resend`, `msg_${jobId}`],
  ['DELETE', (id) => `/v1/keys/${id}`, keyId],
];

test('whatever is asked of a thing of another user, the answer is that of a thing that is not there', async () => {
  for (const [method, url, id] of things()) {
    const [theirs, none] = [await ask(other, method, url(id)), await ask(other, method, url('nosuch'))];
    expect([url(id), theirs.statusCode]).toEqual([url(id), 404]);
    expect(theirs.body.replaceAll(id, 'nosuch')).toBe(none.body);
  }
});

test('documents cannot name the project or an asset of another', async () => {
  for (const path of ['/v1/render/jobs', '/v1/render/validate'])
    expect((await ask(other, 'POST', path, film('project_owner', 1))).statusCode).toBe(404);
  const stolen = (id: string) => ({
    ...film('project_other', 1),
    movie: {
      width: 640,
      height: 360,
      scenes: [{ id: 'one', duration: 1, layers: [{ type: 'image', src: `asset:${id}` }] }],
    },
  });
  const [theirs, none] = [
    await ask(other, 'POST', '/v1/render/jobs', stolen(assetId)),
    await ask(other, 'POST', '/v1/render/jobs', stolen('nosuch')),
  ];
  expect(theirs.statusCode).toBe(400);
  expect(theirs.body.replaceAll(assetId, 'nosuch')).toBe(none.body);
});

test('lists hold what is their own', async () => {
  const lists = [
    ...['/v1/jobs', `/v1/jobs?parentJobId=${jobId}`, '/v1/jobs?type=render.scene'],
    ...['/v1/webhooks/deliveries', `/v1/webhooks/deliveries?jobId=${jobId}`],
    ...['/v1/assets?projectId=project_other', '/v1/projects', '/v1/keys', '/v1/usage', '/v1/me'],
  ];
  for (const url of lists) {
    const answer = await ask(other, 'GET', url);
    expect([url, answer.statusCode]).toEqual([url, 200]);
    expect(answer.body).not.toMatch(/owner|asset_|msg_/);
  }
});

test('secrets of webhooks are their own, and all is as it was', async () => {
  const secret = async (key: string): Promise<string> =>
    (await ask(key, 'POST', '/v1/webhooks/secret')).json<{ secret: string }>().secret;
  expect(await secret(owner)).not.toBe(await secret(other));
  expect((await ask(owner, 'GET', `/v1/jobs/${jobId}`)).json()).toMatchObject({ status: 'cancelled' });
  expect((await ask(owner, 'GET', `/v1/assets/${assetId}`)).statusCode).toBe(200);
  const { keys } = (await ask(owner, 'GET', '/v1/keys')).json<{ keys: { revokedAt: string | null }[] }>();
  expect(keys.every(({ revokedAt }) => revokedAt === null)).toBe(true);
  expect((await ask(owner, 'GET', `/v1/webhooks/deliveries/msg_${jobId}`)).json()).toMatchObject({
    attemptCount: 0,
  });
});
