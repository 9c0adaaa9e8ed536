import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RenderError } from '../../../contract/errors.ts';
import type { CachedClip } from '../../../storage/clip-index.ts';
import { FileStore } from '../../../storage/file-store.ts';
import { objectKeys } from '../../../storage/object-keys.ts';
import { SceneCache } from '../../../storage/scene-cache.ts';
import { FakeClips } from '../../support/fake-clips.ts';

let folder: string;
let store: FileStore;
let index: FakeClips;
let cache: SceneCache;

const place = (key: string) => ({ key, objectKey: objectKeys.cachedClip(key) });
const overwrite = (key: string, content: string) =>
  store.put(objectKeys.cachedClip(key), Readable.from([Buffer.from(content)]), { contentType: 'video/mp4' });

async function publish(key: string, content = 'a clip'): Promise<CachedClip> {
  const path = join(folder, 'rendered');
  await writeFile(path, content);
  return cache.publish({ ...place(key), kind: 'picture', length: 50 }, path);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-cache-test-'));
  store = new FileStore(join(folder, 'store'));
  index = new FakeClips();
  cache = new SceneCache(store, index);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('looking clips up', () => {
  it('finds what was published, with its facts', async () => {
    const clip = await publish('aa');
    expect(clip).toMatchObject({ key: 'aa', kind: 'picture', bytes: 6, length: 50 });
    const found = await cache.lookup([place('aa'), place('bb')]);
    expect([...found]).toEqual([['aa', clip]]);
    expect(await cache.lookup([])).toEqual(new Map());
  });

  it('misses and forgets what is gone or has another size', async () => {
    await publish('gone');
    await publish('short');
    await publish('kept');
    await store.remove([objectKeys.cachedClip('gone')]);
    await overwrite('short', 'a cl');
    const found = await cache.lookup(['gone', 'short', 'kept'].map(place));
    expect([...found.keys()]).toEqual(['kept']);
    expect([...index.clips.keys()]).toEqual(['kept']);
  });

  it('finds each of five hundred clips once', async () => {
    const keys = Array.from({ length: 500 }, (_, number) => `many${number}`);
    for (const key of keys) {
      await overwrite(key, 'x');
      index.clips.set(key, { key, kind: 'picture', bytes: 1, sha256: '', length: 1 });
    }
    const found = await cache.lookup([...keys.map(place), place('many0')]);
    expect([...found.keys()].sort()).toEqual([...keys].sort());
  });

  it('does not take a store that is away for a miss', async () => {
    await publish('aa');
    store.stat = () => Promise.reject(new RenderError('UNAVAILABLE', 'away'));
    await expect(cache.lookup([place('aa')])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(index.clips.size).toBe(1);
  });
});

describe('fetching a clip', () => {
  it('writes it to a file', async () => {
    const clip = await publish('aa');
    expect(await cache.fetch(clip, objectKeys.cachedClip('aa'), { path: join(folder, 'out') })).toEqual(clip);
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('a clip');
  });

  it('is a miss where a byte has changed: file, entry and object are removed', async () => {
    const clip = await publish('aa');
    await overwrite('aa', 'a cliq');
    expect(await cache.fetch(clip, objectKeys.cachedClip('aa'), { path: join(folder, 'out') })).toBeNull();
    expect(await readdir(folder)).not.toContain('out');
    expect(index.clips.size).toBe(0);
    expect(await store.stat(objectKeys.cachedClip('aa'))).toBeNull();
  });

  it('is tried once more where the bytes were damaged on their way', async () => {
    const clip = await publish('aa');
    const readToFile = store.readToFile.bind(store);
    let reads = 0;
    store.readToFile = async (...request) => {
      const written = await readToFile(...request);
      reads += 1;
      return reads === 1 ? { ...written, sha256: 'damaged' } : written;
    };
    expect(await cache.fetch(clip, objectKeys.cachedClip('aa'), { path: join(folder, 'out') })).toEqual(clip);
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('a clip');
    expect(index.clips.size).toBe(1);
  });

  it('is a miss where the object is gone', async () => {
    const clip = await publish('aa');
    await store.remove([objectKeys.cachedClip('aa')]);
    expect(await cache.fetch(clip, objectKeys.cachedClip('aa'), { path: join(folder, 'out') })).toBeNull();
    expect(index.clips.size).toBe(0);
  });

  it('leaves a clip alone that was rendered anew meanwhile', async () => {
    const old = await publish('aa', 'a clip');
    const newer = await publish('aa', 'a cliq');
    expect(await cache.fetch(old, objectKeys.cachedClip('aa'), { path: join(folder, 'out') })).toBeNull();
    expect(await cache.lookup([place('aa')])).toEqual(new Map([['aa', newer]]));
  });
});
