import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetFacts } from '../../../contract/asset.ts';
import { RenderSubmission } from '../../../contract/submission.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser, submit } from './fixtures.ts';

let test: TestDatabase;

const facts: AssetFacts = {
  kind: 'audio',
  demuxer: 'wav',
  durationSeconds: 2,
  video: null,
  audio: { codec: 'pcm_s16le', sampleRate: 48_000, channels: 2, durationSeconds: 2 },
};

const create = (assetId: string, change: { sha256?: string } = {}) =>
  test.database.assets.create({
    assetId,
    userId: 'user_1',
    projectId: 'project_1',
    name: 'music.wav',
    objectKey: `assets/user_1/${assetId}`,
    bytes: 9_007_199_254_740,
    sha256: 'aa',
    ...change,
  });

beforeAll(async () => {
  test = await createTestDatabase();
  await addUser(test.database);
  await addUser(test.database, 'user_2', 'project_2');
});
afterAll(() => test.remove());

describe('assets', () => {
  it('are being processed until their facts are known', async () => {
    const { assets } = test.database;
    const created = await create('asset_a');
    expect(created).toMatchObject({
      status: 'processing',
      bytes: 9_007_199_254_740,
      facts: null,
      error: null,
    });
    const createdAt = created?.createdAt ?? '';
    expect(new Date(createdAt).toISOString()).toBe(createdAt);
    expect(await assets.resolve('project_1', ['asset_a'])).toEqual(new Map());
    await assets.setFacts('asset_a', facts);
    expect(await assets.find('user_1', 'asset_a')).toMatchObject({ status: 'ready', facts });
    await assets.refuse('asset_a', 'too late');
    expect(await assets.find('user_1', 'asset_a')).toMatchObject({ status: 'ready', error: null });
  });

  it('are refused with a reason, which a late probe does not undo', async () => {
    const { assets } = test.database;
    await create('asset_bad');
    await assets.refuse('asset_bad', 'a playlist, \0 not media');
    await assets.setFacts('asset_bad', facts);
    expect(await assets.find('user_1', 'asset_bad')).toMatchObject({
      status: 'refused',
      error: 'a playlist,  not media',
      facts: null,
    });
  });

  it('are found by their user only, and by a probe wherever they are', async () => {
    const { assets } = test.database;
    await create('asset_b');
    expect(await assets.find('user_2', 'asset_b')).toBeNull();
    expect(await assets.location('asset_b')).toEqual({
      objectKey: 'assets/user_1/asset_b',
      bytes: 9_007_199_254_740,
      sha256: 'aa',
    });
    expect(await assets.location('asset_none')).toBeNull();
  });

  it('are resolved for a plan within their project', async () => {
    const { assets } = test.database;
    await create('asset_c');
    await assets.setFacts('asset_c', facts);
    const resolved = await assets.resolve('project_1', ['asset_c', 'asset_bad', 'asset_none']);
    expect([...resolved.keys()]).toEqual(['asset_c']);
    expect(resolved.get('asset_c')).toEqual({
      assetId: 'asset_c',
      sha256: 'aa',
      bytes: 9_007_199_254_740,
      objectKey: 'assets/user_1/asset_c',
      facts,
    });
    expect(await assets.resolve('project_2', ['asset_c'])).toEqual(new Map());
    expect(await assets.resolve('project_1', [])).toEqual(new Map());
  });

  it('are listed page by page, and by content', async () => {
    const { assets } = test.database;
    await create('asset_d', { sha256: 'dd' });
    const filter = { projectId: 'project_1', sha256: null, limit: 2, cursor: null };
    const first = await assets.list('user_1', filter);
    expect(first.assets).toHaveLength(2);
    const second = await assets.list('user_1', { ...filter, limit: 100, cursor: first.nextCursor });
    expect(second.nextCursor).toBeNull();
    const ids = [...first.assets, ...second.assets].map(({ assetId }) => assetId);
    expect(ids.sort()).toEqual(['asset_a', 'asset_b', 'asset_bad', 'asset_c', 'asset_d']);
    const same = await assets.list('user_1', { ...filter, sha256: 'dd' });
    expect(same.assets.map(({ assetId }) => assetId)).toEqual(['asset_d']);
    expect((await assets.list('user_2', filter)).assets).toEqual([]);
  });

  it('are kept while an active job names them', async () => {
    const { assets, jobs } = test.database;
    await create('asset_used');
    const submission = RenderSubmission.parse({
      kind: 'movie',
      projectId: 'project_1',
      movie: {
        scenes: [{ id: 'one', duration: 2, layers: [{ type: 'image', src: 'asset:asset_used' }] }],
      },
    });
    await submit(test.database, 'job_uses', { submission });
    expect(await assets.remove('user_1', 'asset_used')).toEqual({ kind: 'in-use' });
    await jobs.cancel('job_uses');
    expect(await assets.remove('user_2', 'asset_used')).toEqual({ kind: 'not-found' });
    expect(await assets.remove('user_1', 'asset_used')).toEqual({
      kind: 'removed',
      objectKey: 'assets/user_1/asset_used',
    });
    expect(await assets.remove('user_1', 'asset_used')).toEqual({ kind: 'not-found' });
  });
});
