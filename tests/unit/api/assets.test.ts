import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Asset, AssetFacts } from '../../../contract/asset.ts';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';

let api: FakeApi;

const facts: AssetFacts = {
  kind: 'audio',
  demuxer: 'wav',
  durationSeconds: 3,
  video: null,
  audio: { codec: 'pcm_s16le', sampleRate: 48_000, channels: 2, durationSeconds: 3 },
};

beforeEach(async () => {
  api = await createFakeApi({ UPLOAD_MAX_BYTES: '1000' });
  api.temporal.onIngest = async (assetId) => {
    await api.assets.setFacts(assetId, facts);
    return 'ended';
  };
});
afterEach(async () => {
  await api.server.close();
});

const upload = (
  payload: string | Buffer,
  query = 'projectId=project_anna&name=beep.wav',
  type = 'audio/wav',
) =>
  api.server.inject({
    method: 'POST',
    url: `/v1/assets?${query}`,
    headers: { 'x-api-key': api.anna, 'content-type': type },
    payload,
  });

const call = (method: 'GET' | 'DELETE', url: string, key = api.anna) =>
  api.server.inject({ method, url, headers: { 'x-api-key': key } });

describe('uploading', () => {
  test('stores the bytes under their hash, has them probed and answers with the facts', async () => {
    const answer = await upload('sound');
    expect(answer.statusCode).toBe(201);
    const asset = answer.json<Asset>();
    expect(asset).toMatchObject({ name: 'beep.wav', status: 'ready', bytes: 5, facts });
    expect(asset.sha256).toBe(createHash('sha256').update('sound').digest('hex'));
    expect(answer.headers.location).toBe(`/v1/assets/${asset.assetId}`);
    expect(api.temporal.ingested).toEqual([asset.assetId]);
    expect(String(api.store.objects.get(`assets/user_anna/${asset.assetId}`))).toBe('sound');
  });

  test.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'video/mp4'])(
    'takes a body of the type %s as it is',
    async (type) => {
      expect((await upload('{not json', undefined, type)).statusCode).toBe(201);
    },
  );

  test('refuses a form by telling how a file is sent, whoever says otherwise', async () => {
    const answer = await upload('--x', undefined, 'Multipart/form-data; boundary=x');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
    expect(answer.json<{ error: string }>().error).toContain('-T film.mp4');
    expect([api.store.objects.size, api.assets.rows.size]).toEqual([0, 0]);
  });

  test('the same bytes again give the asset that is there, and no second copy', async () => {
    const first = (await upload('sound')).json<Asset>();
    const again = await upload('sound', 'projectId=project_anna&name=other.wav');
    expect([again.statusCode, again.json<Asset>().assetId]).toEqual([200, first.assetId]);
    expect(api.store.objects.size).toBe(1);
    expect(api.temporal.ingested.length).toBe(1);
  });

  test('a file that is refused is a 400 with the reason, and nothing of it is kept', async () => {
    api.temporal.onIngest = async (assetId) => {
      await api.assets.refuse(assetId, 'This is a playlist.');
      return 'ended';
    };
    const answer = await upload('#EXTM3U');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual({ code: 'ASSET_INVALID', error: 'This is a playlist.' });
    expect([api.store.objects.size, api.assets.rows.size]).toEqual([0, 0]);
  });

  test('a probe that takes its time is a 202, and asking for the asset joins it', async () => {
    api.temporal.onIngest = () => Promise.resolve('running');
    const answer = await upload('sound');
    expect([answer.statusCode, answer.json<Asset>().status]).toEqual([202, 'processing']);
    const { assetId } = answer.json<Asset>();
    expect((await call('GET', `/v1/assets/${assetId}`)).json<Asset>().status).toBe('processing');
    expect(api.temporal.ingested).toEqual([assetId, assetId]);
  });

  test('is a 503 that keeps nothing while Temporal or the store is away', async () => {
    api.temporal.isAway = true;
    expect((await upload('sound')).statusCode).toBe(503);
    expect([api.store.objects.size, api.assets.rows.size]).toEqual([0, 0]);
    api.store.isAway = true;
    expect((await upload('sound')).statusCode).toBe(503);
  });

  test('keeps no bytes when the row cannot be written', async () => {
    vi.spyOn(api.assets, 'create').mockRejectedValueOnce(new Error('gone'));
    expect((await upload('sound')).statusCode).toBe(500);
    expect(api.store.objects.size).toBe(0);
  });

  test('of one more asset than a user may have is a 409, and nothing of it is kept', async () => {
    await api.server.close();
    api = await createFakeApi({ ASSETS_PER_USER_MAX: '1' });
    expect((await upload('sound')).statusCode).toBe(202);
    const answer = await upload('other');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([409, 'INVALID_STATE']);
    expect(answer.json<{ error: string }>().error).toContain('DELETE /v1/assets/');
    expect([api.store.objects.size, api.assets.rows.size]).toEqual([1, 1]);
  });

  test('the bytes of an asset that is there are no further asset', async () => {
    await api.server.close();
    api = await createFakeApi({ ASSETS_PER_USER_MAX: '1' });
    const { assetId } = (await upload('sound')).json<Asset>();
    await api.assets.setFacts(assetId, facts);
    expect((await upload('sound')).statusCode).toBe(200);
  });

  test('an empty body is refused', async () => {
    const answer = await upload('');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'ASSET_INVALID']);
    expect(api.store.objects.size).toBe(0);
  });

  test('needs a project of the caller', async () => {
    expect((await upload('x', 'name=a')).statusCode).toBe(400);
    expect((await upload('x', 'projectId=project_ben')).statusCode).toBe(404);
    expect((await upload('x', 'projectId=project_anna&name=a%0Ab')).statusCode).toBe(400);
  });
});

describe('the bound of an upload', () => {
  test('an announced size beyond it is a 413 at once', async () => {
    const answer = await upload(Buffer.alloc(1001));
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(api.temporal.ingested).toEqual([]);
  });

  test('exactly the bound is taken', async () => {
    expect((await upload(Buffer.alloc(1000))).statusCode).toBe(201);
  });

  test('a sender that does not say how much comes is stopped on the way, and can read why', async () => {
    await api.server.listen({ host: '127.0.0.1', port: 0 });
    const { status, body } = await sendChunks(Array.from({ length: 50 }, () => Buffer.alloc(100)));
    expect(status).toBe(413);
    expect(JSON.parse(body)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(api.store.objects.size).toBe(0);
    expect(api.assets.rows.size).toBe(0);
  });

  test('a sender that falls silent is a 408 that says so, and nothing of it is kept', async () => {
    await api.server.listen({ host: '127.0.0.1', port: 0 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const answered = sendChunks([Buffer.alloc(100)], 'and says nothing more');
      await vi.waitFor(() => expect(api.store.putsOpen).toBe(1));
      await vi.advanceTimersByTimeAsync(60_000);
      const { status, body } = await answered;
      expect([status, JSON.parse(body)]).toEqual([
        408,
        { code: 'VALIDATION_ERROR', error: 'Nothing of the upload came for 60 s.' },
      ]);
    } finally {
      vi.useRealTimers();
    }
    expect([api.store.objects.size, api.assets.rows.size]).toEqual([0, 0]);
  });

  test('a sender that goes away in the middle leaves nothing', async () => {
    await api.server.listen({ host: '127.0.0.1', port: 0 });
    const sender = openUpload();
    sender.on('error', () => undefined);
    sender.write(Buffer.alloc(100));
    await vi.waitFor(() => expect(api.store.putsOpen).toBe(1));
    sender.destroy();
    await vi.waitFor(() => expect(api.store.putsOpen).toBe(0));
    await api.server.close();
    expect(api.store.objects.size).toBe(0);
    expect(api.assets.rows.size).toBe(0);
    expect(api.logged.join()).not.toContain('"level":50');
  });
});

describe('assets', () => {
  test('are listed by project and found by their hash', async () => {
    const asset = (await upload('sound')).json<Asset>();
    await upload('other');
    const list = async (query: string) =>
      (await call('GET', `/v1/assets?projectId=project_anna${query}`)).json<{ assets: Asset[] }>().assets;
    expect((await list('')).length).toBe(2);
    expect((await list(`&sha256=${asset.sha256}`)).map(({ assetId }) => assetId)).toEqual([asset.assetId]);
    expect(await list(`&sha256=${'0'.repeat(64)}`)).toEqual([]);
    expect((await call('GET', '/v1/assets')).statusCode).toBe(400);
    expect((await call('GET', '/v1/assets?projectId=project_anna&sha256=xyz')).statusCode).toBe(400);
  });

  test('of another user are not found', async () => {
    const { assetId } = (await upload('sound')).json<Asset>();
    expect((await call('GET', `/v1/assets/${assetId}`, api.ben)).statusCode).toBe(404);
    expect((await call('DELETE', `/v1/assets/${assetId}`, api.ben)).statusCode).toBe(404);
    expect((await call('GET', '/v1/assets?projectId=project_anna', api.ben)).statusCode).toBe(404);
    expect(api.assets.rows.size).toBe(1);
  });

  test('are removed with their bytes, unless an active job uses them', async () => {
    const { assetId } = (await upload('sound')).json<Asset>();
    api.assets.used.add(assetId);
    const refused = await call('DELETE', `/v1/assets/${assetId}`);
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([409, 'INVALID_STATE']);
    expect(api.store.objects.size).toBe(1);
    api.assets.used.clear();
    expect((await call('DELETE', `/v1/assets/${assetId}`)).statusCode).toBe(204);
    expect([api.store.objects.size, api.assets.rows.size]).toEqual([0, 0]);
  });

  test('that a document names must be ready; which are not is told with their paths', async () => {
    const { assetId } = (await upload('sound')).json<Asset>();
    const submit = (ids: string[]) =>
      api.server.inject({
        method: 'POST',
        url: '/v1/render/jobs',
        headers: { 'x-api-key': api.anna },
        payload: {
          ...submission,
          movie: { ...submission.movie, audio: ids.map((id) => ({ src: `asset:${id}` })) },
        },
      });
    expect((await submit([assetId])).statusCode).toBe(202);
    const answer = await submit([assetId, 'asset_none']);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ details: [{ path: 'movie.audio[1].src' }] });
  });
});

function openUpload() {
  const { port } = api.server.server.address() as AddressInfo;
  return httpRequest({
    method: 'POST',
    host: '127.0.0.1',
    port,
    path: '/v1/assets?projectId=project_anna',
    headers: { 'x-api-key': api.anna, 'content-type': 'video/mp4', 'transfer-encoding': 'chunked' },
  });
}

function sendChunks(
  chunks: readonly Buffer[],
  then: 'and ends' | 'and says nothing more' = 'and ends',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sender = openUpload();
    sender.on('error', reject);
    sender.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    for (const chunk of chunks) sender.write(chunk);
    if (then === 'and ends') sender.end();
  });
}
