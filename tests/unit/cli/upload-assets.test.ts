import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rememberHashes } from '../../../cli/source-files.ts';
import { uploadAssets } from '../../../cli/upload-assets.ts';
import { asset, type FakeApi, fault, json, startFakeApi } from '../../support/fake-server.ts';

let api: FakeApi;
let folder: string;
beforeEach(async () => {
  api = await startFakeApi();
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const movieWith = (...sources: readonly string[]) => ({
  scenes: [{ id: 'one', layers: sources.map((src) => ({ type: 'image', src })) }],
  audio: [{ src: 'asset:bed' }],
});
const upload = (movie: unknown, sent: string[] = []) =>
  uploadAssets(api.client, movie, {
    projectId: 'p',
    folder,
    hashOf: rememberHashes(new AbortController().signal),
    onSend: (file) => sent.push(file),
  });
const uploads = () => api.calls.filter((call) => call.method === 'POST');

test('an unknown file is sent once, however often it is named, and becomes an asset', async () => {
  await writeFile(join(folder, 'a.png'), 'aaaa');
  api.on('GET /v1/assets', json({ assets: [], nextCursor: null }));
  api.on('POST /v1/assets', json(asset({ assetId: 'new' }), 201));
  const result = await upload(movieWith('a.png', './a.png', 'asset:old'));
  expect(result).toMatchObject({ files: 1, sent: 1 });
  expect(result.movie).toEqual({
    scenes: [
      {
        id: 'one',
        layers: ['asset:new', 'asset:new', 'asset:old'].map((src) => ({ type: 'image', src })),
      },
    ],
    audio: [{ src: 'asset:bed' }],
  });
  expect(uploads()).toHaveLength(1);
});

test('a file whose bytes are known is not sent again', async () => {
  await writeFile(join(folder, 'a.png'), 'aaaa');
  api.on('GET /v1/assets', json({ assets: [asset({ assetId: 'known' })], nextCursor: null }));
  const result = await upload(movieWith('a.png'));
  expect(result).toMatchObject({ files: 1, sent: 0 });
  const sha256 = createHash('sha256').update('aaaa').digest('hex');
  expect(api.calls.map((call) => call.url)).toEqual([`/v1/assets?projectId=p&sha256=${sha256}&limit=1`]);
});

test('an upload is waited for until the server has looked into it', async () => {
  await writeFile(join(folder, 'a.png'), 'aaaa');
  api.on('GET /v1/assets', json({ assets: [], nextCursor: null }));
  api.on('POST /v1/assets', json(asset({ status: 'processing' }), 202));
  api.on('GET /v1/assets/a1', json(asset({ status: 'processing' })), json(asset({ status: 'ready' })));
  await expect(upload(movieWith('a.png'))).resolves.toMatchObject({ sent: 1 });
});

test('missing files are told all at once with their JSON paths, before anything is sent', async () => {
  await writeFile(join(folder, 'a.png'), 'aaaa');
  const failure = upload(movieWith('a.png', 'b.png', 'https://x.test/c.png', '.'));
  await expect(failure).rejects.toMatchObject({
    code: 'SOURCE_MISSING',
    lines: [
      { path: 'movie.scenes[0].layers[1].src', message: `There is no file ${join(folder, 'b.png')}` },
      { path: 'movie.scenes[0].layers[2].src', message: '"https://x.test/c.png" is a URL.' },
      { path: 'movie.scenes[0].layers[3].src', message: `That is no plain file: ${folder}` },
    ],
  });
  expect(api.calls).toEqual([]);
});

test('a file that the server refuses is told with its reason at every place that names it', async () => {
  await writeFile(join(folder, 'a.png'), 'aaaa');
  api.on('GET /v1/assets', json({ assets: [], nextCursor: null }));
  api.on('POST /v1/assets', json(asset({ status: 'refused', error: 'It is a playlist.' }), 200));
  await expect(upload(movieWith('a.png', 'a.png'))).rejects.toMatchObject({
    code: 'ASSET_INVALID',
    lines: [
      {
        path: 'movie.scenes[0].layers[0].src',
        message: expect.stringContaining('It is a playlist.') as string,
      },
      { path: 'movie.scenes[0].layers[1].src' },
    ],
  });
});

test('files that the server does not even store are told all at once, with their places', async () => {
  await writeFile(join(folder, 'a.txt'), 'text');
  await writeFile(join(folder, 'b.mov'), 'far too large');
  api.on('GET /v1/assets', json({ assets: [], nextCursor: null }));
  api.on(
    'POST /v1/assets',
    fault(400, 'ASSET_INVALID', 'It seems to be plain text.'),
    fault(413, 'PAYLOAD_TOO_LARGE', 'It is larger than 10 GB.'),
  );
  await expect(upload(movieWith('a.txt', 'b.mov'))).rejects.toMatchObject({
    code: 'ASSET_INVALID',
    lines: [
      {
        path: 'movie.scenes[0].layers[0].src',
        message: `${join(folder, 'a.txt')}: It seems to be plain text.`,
      },
      {
        path: 'movie.scenes[0].layers[1].src',
        message: `${join(folder, 'b.mov')}: It is larger than 10 GB.`,
      },
    ],
  });
});

test('a server that is out of order is not taken for a fault of the file', async () => {
  await writeFile(join(folder, 'a.png'), 'aaaa');
  api.on('GET /v1/assets', json({ assets: [], nextCursor: null }));
  api.on('POST /v1/assets', fault(503, 'UNAVAILABLE', 'The store is away.'));
  await expect(upload(movieWith('a.png'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('a file name that is no name of an asset is made one', async () => {
  const file = `line\nbreak-${'😀'.repeat(50)}-and-on-and-on.png`;
  await writeFile(join(folder, file), 'aaaa');
  api.on('GET /v1/assets', json({ assets: [], nextCursor: null }));
  api.on('POST /v1/assets', json(asset(), 201));
  await upload(movieWith(file));
  const name = new URL(uploads()[0]?.url ?? '', api.url).searchParams.get('name') ?? '';
  expect(name).toMatch(/^line break-(😀){50}/u);
  expect(name.length).toBeLessThanOrEqual(128);
});
