// Which clips a job still has to render: from a real folder store and cache, with an index in memory.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pictureOf, programmeOf, soundsOf } from '../../../activities/job-clips.ts';
import { type Stock, takeStock } from '../../../activities/take-stock.ts';
import { FileStore } from '../../../storage/file-store.ts';
import { SceneCache } from '../../../storage/scene-cache.ts';
import { FakeClips } from '../../support/fake-clips.ts';

const jobId = 'job_1';
/** Scene 1 is silent. */
const scenes = [
  { index: 0, pictureKey: 'p0', soundKey: 's0' },
  { index: 1, pictureKey: 'p1', soundKey: null },
  { index: 2, pictureKey: 'p2', soundKey: 's2' },
];
const programme = { key: 'm' };
// Of plan and services the stock reads this much and no more.
const plan = { scenes, programme } as unknown as Parameters<typeof takeStock>[1]['plan'];

let folder = '';
let store: FileStore;
let cache: SceneCache;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-stock-'));
  await writeFile(join(folder, 'clip'), 'bytes');
});
afterAll(() => rm(folder, { recursive: true, force: true }));
let count = 0;
beforeEach(() => {
  count += 1;
  store = new FileStore(join(folder, `store_${count}`));
  cache = new SceneCache(store, new FakeClips());
});

const clips = () => [
  ...scenes.map((scene) => pictureOf(jobId, scene)),
  ...soundsOf(jobId, scenes),
  programmeOf(jobId, plan),
];

async function putInCache(...keys: string[]): Promise<void> {
  for (const { kind, key, cachedObject: objectKey } of clips().filter((clip) => keys.includes(clip.key)))
    await cache.publish({ kind, key, objectKey, length: 1 }, join(folder, 'clip'));
}

async function putInJob(...keys: string[]): Promise<void> {
  for (const { jobObject } of clips().filter((clip) => keys.includes(clip.key)))
    await store.putFile(jobObject, join(folder, 'clip'), { contentType: 'video/mp4' });
}

async function stock(mode: 'use' | 'refresh' = 'use', done: readonly number[] = []): Promise<object> {
  const services = { store, cache } as unknown as Parameters<typeof takeStock>[0];
  const query = { jobId, plan, done: new Set(done), cache: mode, signal: new AbortController().signal };
  const { isProgrammeReady, withoutPicture, withoutSound, cached }: Stock = await takeStock(services, query);
  return {
    isProgrammeReady,
    pictures: [...withoutPicture],
    sounds: [...withoutSound],
    cached: [...cached],
  };
}

describe('the stock of a job', () => {
  it('with an empty cache lacks everything', async () => {
    expect(await stock()).toEqual({
      isProgrammeReady: false,
      pictures: [0, 1, 2],
      sounds: [0, 2],
      cached: [],
    });
  });

  it('counts a scene as cached where picture and sound are there, and renders only what is missing', async () => {
    await putInCache('p0', 's0', 'p1', 'p2');
    expect(await stock()).toEqual({ isProgrammeReady: false, pictures: [], sounds: [2], cached: [0, 1] });
  });

  it('needs no scene sound where the whole programme is there', async () => {
    await putInCache('p0', 'p1', 'm');
    expect(await stock()).toEqual({ isProgrammeReady: true, pictures: [2], sounds: [], cached: [0, 1] });
    expect(await store.stat(soundsOf(jobId, scenes)[0]?.jobObject ?? '')).toBeNull();
  });

  it('is the same when it is taken again before anything was done', async () => {
    await putInCache('p0', 's0', 'p1', 'p2', 's2', 'm');
    const first = await stock();
    expect(first).toMatchObject({ pictures: [], cached: [0, 1, 2] });
    expect(await stock()).toEqual(first);
  });

  it('keeps what the job has rendered, though the cache has lost it', async () => {
    await putInJob('p0', 's0', 'p1');
    expect(await stock('use', [0, 1])).toEqual({
      isProgrammeReady: false,
      pictures: [2],
      sounds: [2],
      cached: [],
    });
  });

  it('takes nothing from the cache where all is to be rendered anew, but keeps what this job has made', async () => {
    await putInCache('p0', 's0', 'p1', 'p2', 's2', 'm');
    await putInJob('p1', 's2');
    expect(await stock('refresh')).toEqual({
      isProgrammeReady: false,
      pictures: [0, 2],
      sounds: [0],
      cached: [],
    });
  });
});
