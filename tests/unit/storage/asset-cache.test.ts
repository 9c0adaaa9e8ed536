import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AssetCache } from '../../../storage/asset-cache.ts';
import { FileStore } from '../../../storage/file-store.ts';

class CountingStore extends FileStore {
  downloads = 0;
  override readToFile(...args: Parameters<FileStore['readToFile']>): ReturnType<FileStore['readToFile']> {
    this.downloads += 1;
    return super.readToFile(...args);
  }
}

let folder: string;
let store: CountingStore;
let targets = 0;

const open = (maxBytes = 1_000, token = 'abc') =>
  new AssetCache({
    dir: join(folder, 'cache'),
    maxBytes,
    store,
    instance: { place: 'here', pid: process.pid, token },
  });

async function stored(content: string) {
  const hash = createHash('sha256').update(content).digest('hex');
  const objectKey = `assets/user_1/${hash.slice(0, 8)}`;
  await store.put(objectKey, Readable.from([Buffer.from(content)]), { contentType: 'video/mp4' });
  return { hash, bytes: content.length, objectKey };
}

const target = () => join(folder, `target-${(targets += 1)}`);

async function use(cache: AssetCache, asset: Awaited<ReturnType<typeof stored>>): Promise<string> {
  const targetPath = target();
  await cache.use({ ...asset, targetPath });
  return targetPath;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-assets-test-'));
  store = new CountingStore(join(folder, 'store'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the asset cache', () => {
  it('downloads a file once for a hundred scenes at once', async () => {
    const cache = open();
    const asset = await stored('a film');
    const paths = await Promise.all(Array.from({ length: 100 }, () => use(cache, asset)));
    expect(store.downloads).toBe(1);
    for (const path of paths) expect(await readFile(path, 'utf8')).toBe('a film');
    expect((await stat(paths[0]!)).nlink).toBe(101);
  });

  it('keeps a file through a restart, once its hash was looked at', async () => {
    const asset = await stored('a film');
    await use(open(), asset);
    const restarted = open(1_000, 'def');
    await use(restarted, asset);
    expect(store.downloads).toBe(1);
  });

  it.each(['a fil', 'a filn'])('downloads again what a restart finds damaged: %j', async (damaged) => {
    const asset = await stored('a film');
    await mkdir(join(folder, 'cache'));
    await writeFile(join(folder, 'cache', asset.hash), damaged);
    expect(await readFile(await use(open(), asset), 'utf8')).toBe('a film');
    expect(store.downloads).toBe(1);
  });

  it('drops the least recently used files above its bound, but never from a scene that has them', async () => {
    const cache = open(20);
    const [one, two, three] = [await stored('12345678'), await stored('abcdefgh'), await stored('ABCDEFGH')];
    const held = await use(cache, one);
    await use(cache, two);
    await use(cache, one);
    await use(cache, three);
    expect((await readdir(join(folder, 'cache'))).sort()).toEqual([one.hash, three.hash].sort());
    expect(cache.keptBytes).toBe(16);
    const large = await stored('larger than the whole cache is');
    expect(await readFile(await use(cache, large), 'utf8')).toBe('larger than the whole cache is');
    expect(await readFile(held, 'utf8')).toBe('12345678');
    expect(cache.keptBytes).toBeLessThanOrEqual(20);
  });

  it('asks twice for bytes that are not those of the hash, and then gives up', async () => {
    const asset = await stored('a film');
    await store.put(asset.objectKey, Readable.from([Buffer.from('a filn')]), { contentType: 'video/mp4' });
    await expect(use(open(), asset)).rejects.toMatchObject({ code: 'ASSET_UNAVAILABLE' });
    expect(store.downloads).toBe(2);
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  it('says that an object is gone, and that trying again does not help', async () => {
    const asset = await stored('a film');
    await store.remove([asset.objectKey]);
    await expect(use(open(), asset)).rejects.toMatchObject({ code: 'ASSET_UNAVAILABLE', retryable: false });
  });

  it('fetches again what another worker dropped', async () => {
    const cache = open();
    const asset = await stored('a film');
    await use(cache, asset);
    await rm(join(folder, 'cache', asset.hash));
    expect(await readFile(await use(cache, asset), 'utf8')).toBe('a film');
  });

  it('makes its folder again where a cleaner of temporary files has removed it', async () => {
    const cache = open();
    await use(cache, await stored('a film'));
    await rm(join(folder, 'cache'), { recursive: true });
    const asset = await stored('another film');
    expect(await readFile(await use(cache, asset), 'utf8')).toBe('another film');
  });

  it('removes the downloads of a killed predecessor', async () => {
    await mkdir(join(folder, 'cache'));
    await writeFile(join(folder, 'cache', `download-here-${process.pid}-older.1`), 'half');
    await writeFile(join(folder, 'cache', `download-here-${process.ppid}-xyz.1`), 'of a worker that lives');
    await writeFile(join(folder, 'cache', `download-there-${process.pid}-xyz.1`), 'of one elsewhere');
    const asset = await stored('a film');
    await use(open(), asset);
    expect((await readdir(join(folder, 'cache'))).sort()).toEqual(
      [asset.hash, `download-here-${process.ppid}-xyz.1`, `download-there-${process.pid}-xyz.1`].sort(),
    );
  });

  it('lets one scene go that is cancelled, and serves the other', async () => {
    const cache = open();
    const asset = await stored('a film');
    const reason = new Error('cancelled');
    const signal = AbortSignal.abort(reason);
    const cancelled = cache.use({ ...asset, targetPath: target(), signal });
    const other = use(cache, asset);
    await expect(cancelled).rejects.toBe(reason);
    expect(await readFile(await other, 'utf8')).toBe('a film');
    expect(store.downloads).toBe(1);
  });
});
