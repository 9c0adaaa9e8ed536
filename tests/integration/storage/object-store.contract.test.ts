// What every store promises, against a folder and against a real S3 server.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileStore } from '../../../storage/file-store.ts';
import { ObjectNotFound, type ObjectStore } from '../../../storage/object-store.ts';
import { S3Store } from '../../../storage/s3-store.ts';
import { buildMinio, type RunningMinio, startMinio } from '../../../tools/minio.ts';
import { freePort } from '../../../tools/ports.ts';

const MEBIBYTE = 1024 * 1024;
const plain = { contentType: 'text/plain' };
const MINIO_BUILD_TIMEOUT_MS = 1_200_000;

let folder: string;
let minio: RunningMinio;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-store-'));
  const program = await buildMinio((line) => process.stderr.write(`${line}\n`));
  minio = await startMinio({ program, dataDir: join(folder, 'minio'), port: await freePort() });
}, MINIO_BUILD_TIMEOUT_MS);

afterAll(async () => {
  await minio.stop();
  await rm(folder, { recursive: true, force: true });
});

function s3Store(): ObjectStore {
  const { endpoint, accessKey, secretKey } = minio;
  return new S3Store(
    { endpoint, region: 'us-east-1', bucket: 'films', accessKey, secretKey },
    // Small, so that a copy in parts can be tested; the smallest part that S3 takes has 5 MiB.
    { copyBounds: { copyBytesMax: 12 * MEBIBYTE, partBytes: 5 * MEBIBYTE } },
  );
}

it('a file store without its folder takes no body, and leaves none open', async () => {
  await writeFile(join(folder, 'a-file'), '');
  const body = Readable.from(['never read']);
  const putting = new FileStore(join(folder, 'a-file')).put('a/b', body, plain);
  await expect(putting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(body.destroyed).toBe(true);
});

describe.each([
  { name: 'the file store', open: () => new FileStore(join(folder, 'files')) },
  { name: 'the S3 store on MinIO', open: s3Store },
])('$name', ({ open }) => {
  let store: ObjectStore;

  beforeAll(() => {
    store = open();
  });

  const put = (key: string, content: string) => store.put(key, Readable.from([Buffer.from(content)]), plain);
  const readText = async (key: string) => text(await store.read(key));
  const keysBelow = async (prefix: string) => {
    const keys: string[] = [];
    for await (const { key } of store.list(prefix)) keys.push(key);
    return keys.sort();
  };

  it('answers when it is asked whether it is there', async () => {
    await store.check();
  });

  it('gives back what was put, with its size and hash', async () => {
    const written = await put('a/small.txt', 'hello');
    expect(written).toEqual({ bytes: 5, sha256: sha256(Buffer.from('hello')) });
    expect(await readText('a/small.txt')).toBe('hello');
    const info = await store.stat('a/small.txt');
    expect(info).toMatchObject({ key: 'a/small.txt', bytes: 5 });
    expect(Math.abs(Date.now() - info!.modifiedAt.getTime())).toBeLessThan(60_000);
  });

  it('stores an object of no bytes', async () => {
    const written = await store.put('a/empty', Readable.from([]), plain);
    expect(written).toEqual({ bytes: 0, sha256: sha256(Buffer.alloc(0)) });
    expect(await readText('a/empty')).toBe('');
    expect(await store.stat('a/empty')).toMatchObject({ bytes: 0 });
  });

  it('replaces an object that is put again', async () => {
    await put('a/again', 'first and longer');
    await put('a/again', 'second');
    expect(await readText('a/again')).toBe('second');
  });

  it.each([8 * MEBIBYTE, 8 * MEBIBYTE + 1, 20 * MEBIBYTE])(
    'stores a stream of %i bytes in parts',
    async (bytes) => {
      const content = randomBytes(bytes);
      const progress: number[] = [];
      const written = await store.put('a/large', Readable.from(slices(content)), {
        ...plain,
        onProgress: (sent) => progress.push(sent),
      });
      expect(written).toEqual({ bytes, sha256: sha256(content) });
      expect(sha256(await buffer(await store.read('a/large')))).toBe(sha256(content));
      expect(progress.at(-1)).toBe(bytes);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
    },
  );

  it.each([false, true])(
    'stores a file and writes it back to another, once (shared: %s)',
    async (isReadOnly) => {
      const content = randomBytes(9 * MEBIBYTE);
      const source = join(folder, `source-${String(isReadOnly)}`);
      await writeFile(source, content);
      const written = await store.putFile('a/file', source, { ...plain, isReadOnly });
      await rm(source);
      const name = createHash('md5').update(open.toString()).digest('hex');
      const target = join(folder, `target-${name}-${String(isReadOnly)}`);
      expect(await store.readToFile('a/file', target, { isReadOnly })).toEqual(written);
      expect(written).toEqual({ bytes: content.length, sha256: sha256(content) });
      expect(sha256(await readFile(target))).toBe(sha256(content));
      const again = store.readToFile('a/file', target, { isReadOnly });
      await expect(again).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(sha256(await readFile(target))).toBe(sha256(content));
      expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  );

  it('reads parts of an object', async () => {
    await put('a/digits', '0123456789');
    const range = async (start?: number, end?: number) =>
      text(
        await store.read('a/digits', {
          ...(start !== undefined && { start }),
          ...(end !== undefined && { end }),
        }),
      );
    expect(await range(3, 5)).toBe('345');
    expect(await range(7)).toBe('789');
    expect(await range(undefined, 0)).toBe('0');
    expect(await range(8, 100)).toBe('89');
    expect(await range(10)).toBe('');
  });

  it('says before the first byte that an object is missing', async () => {
    expect(await store.stat('b/none')).toBeNull();
    await expect(store.read('b/none')).rejects.toBeInstanceOf(ObjectNotFound);
    for (const isReadOnly of [false, true])
      await expect(store.readToFile('b/none', join(folder, 'none'), { isReadOnly })).rejects.toBeInstanceOf(
        ObjectNotFound,
      );
    await expect(store.copy('b/none', 'b/other')).rejects.toBeInstanceOf(ObjectNotFound);
    expect(await readdir(folder)).not.toContain('none');
  });

  it('copies, over an object that is there too, and again', async () => {
    await put('c/from', 'content');
    await put('c/to', 'older content');
    await store.copy('c/from', 'c/to');
    await store.copy('c/from', 'c/to');
    expect(await readText('c/to')).toBe('content');
    await put('c/from', 'changed later');
    expect(await readText('c/to')).toBe('content');
    expect(await keysBelow('c/')).toEqual(['c/from', 'c/to']);
  });

  it('copies a large object in parts', async () => {
    const content = randomBytes(13 * MEBIBYTE);
    await store.put('c/large', Readable.from(slices(content)), plain);
    await store.copy('c/large', 'c/large_copy');
    expect(sha256(await buffer(await store.read('c/large_copy')))).toBe(sha256(content));
  });

  it('lists all objects below a prefix and nothing else', async () => {
    for (const key of ['d/one', 'd/deep/two', 'd/deep/deeper/three', 'dd/other']) await put(key, key);
    expect(await keysBelow('d/')).toEqual(['d/deep/deeper/three', 'd/deep/two', 'd/one']);
    expect(await keysBelow('d/deep/')).toEqual(['d/deep/deeper/three', 'd/deep/two']);
    expect(await keysBelow('e/')).toEqual([]);
  });

  it('removes, and does not mind what is missing', async () => {
    for (const key of ['f/one', 'f/deep/two', 'f/three']) await put(key, key);
    await store.remove(['f/one', 'f/deep/two', 'f/none', 'f/deep/none/none']);
    await store.remove([]);
    expect(await keysBelow('f/')).toEqual(['f/three']);
    await put('f/deep', 'a key where a folder was');
    expect(await readText('f/deep')).toBe('a key where a folder was');
  });

  it('removes more objects than S3 takes in one call', async () => {
    const keys = Array.from({ length: 1_005 }, (_, number) => `g/${number}`);
    await put('g/0', 'first');
    await put('g/1004', 'last');
    await store.remove(keys);
    expect(await keysBelow('g/')).toEqual([]);
  });

  it('shows nothing of an object whose source broke', async () => {
    await put('h/kept', 'kept');
    for (const size of [10, 17 * MEBIBYTE]) {
      const broken = new Error('the sender went away');
      const failing = Readable.from(failAfter(randomBytes(size), broken));
      await expect(store.put('h/broken', failing, plain)).rejects.toBe(broken);
      await expect(
        store.put('h/kept', Readable.from(failAfter(randomBytes(size), broken)), plain),
      ).rejects.toBe(broken);
    }
    expect(await store.stat('h/broken')).toBeNull();
    expect(await readText('h/kept')).toBe('kept');
  });

  it('stops a put when it is aborted and shows nothing of it', async () => {
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const put = store.put('h/aborted', Readable.from(slices(randomBytes(40 * MEBIBYTE))), {
      ...plain,
      signal: abort.signal,
      onProgress: (bytes) => bytes > 10 * MEBIBYTE && abort.abort(reason),
    });
    await expect(put).rejects.toBe(reason);
    expect(await store.stat('h/aborted')).toBeNull();
  });

  it('stops a read when it is aborted and leaves no file', async () => {
    await store.put('h/long', Readable.from(slices(randomBytes(20 * MEBIBYTE))), plain);
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const body = await store.read('h/long', { signal: abort.signal });
    await expect(
      (async () => {
        for await (const chunk of body) if (chunk !== null) abort.abort(reason);
      })(),
    ).rejects.toThrow();
    const signal = AbortSignal.abort(reason);
    await expect(store.readToFile('h/long', join(folder, 'aborted'), { signal })).rejects.toBe(reason);
    expect((await readdir(folder)).filter((name) => name.startsWith('aborted'))).toEqual([]);
  });

  it('does nothing that was given up before it began', async () => {
    await put('i/kept', 'kept');
    const reason = new Error('cancelled');
    const options = { signal: AbortSignal.abort(reason) };
    await expect(store.stat('i/kept', options)).rejects.toBe(reason);
    await expect(store.copy('i/kept', 'i/copy', options)).rejects.toBe(reason);
    await expect(store.remove(['i/kept'], options)).rejects.toBe(reason);
    await expect(store.list('i/', options)[Symbol.asyncIterator]().next()).rejects.toBe(reason);
    expect(await keysBelow('i/')).toEqual(['i/kept']);
  });

  it('stops a list when it is aborted', async () => {
    for (const name of ['one', 'two', 'three']) await put(`j/${name}`, name);
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const listed: string[] = [];
    const listing = (async () => {
      for await (const { key } of store.list('j/', { signal: abort.signal })) {
        listed.push(key);
        abort.abort(reason);
      }
    })();
    await expect(listing).rejects.toBe(reason);
    expect(listed).toHaveLength(1);
  });

  it('may be listed by who removes what is listed', async () => {
    const keys = Array.from({ length: 700 }, (_, number) => `l/${number % 7}/${number}`);
    for (let start = 0; start < keys.length; start += 50)
      await Promise.all(keys.slice(start, start + 50).map((key) => put(key, key)));
    let batch: string[] = [];
    for await (const { key } of store.list('l/')) {
      batch.push(key);
      if (batch.length < 40) continue;
      await store.remove(batch);
      batch = [];
    }
    await store.remove(batch);
    expect(await keysBelow('l/')).toEqual([]);
  });

  it('tells a missing folder of ours from a missing object', async () => {
    await put('k/there', 'there');
    await writeFile(join(folder, 'no-folder'), '');
    for (const isReadOnly of [false, true])
      for (const path of [join(folder, 'none', 'file'), join(folder, 'no-folder', 'file')])
        await expect(store.readToFile('k/there', path, { isReadOnly })).rejects.toMatchObject({
          code: 'UNAVAILABLE',
          retryable: true,
          message: expect.stringMatching(/ENOENT|ENOTDIR/) as string,
        });
    await rm(join(folder, 'no-folder'));
  });

  it('does not mix the parts of two writers of one key', async () => {
    const contents = [randomBytes(17 * MEBIBYTE), randomBytes(17 * MEBIBYTE)];
    await Promise.all(contents.map((content) => store.put('h/race', Readable.from(slices(content)), plain)));
    const hash = sha256(await buffer(await store.read('h/race')));
    expect(contents.map(sha256)).toContain(hash);
  });

  it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', '.hidden', 'a b', 'ä', 'a\0', 'a'.repeat(600)])(
    'refuses the key %j',
    async (key) => {
      await expect(store.stat(key)).rejects.toThrow('is not an object key');
      await expect((async () => store.read(key))()).rejects.toThrow('is not an object key');
      await expect((async () => put(key, 'x'))()).rejects.toThrow('is not an object key');
    },
  );
});

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function* slices(content: Buffer): Generator<Buffer> {
  const bytes = 100_000;
  for (let start = 0; start < content.length; start += bytes) yield content.subarray(start, start + bytes);
}

function* failAfter(content: Buffer, error: Error): Generator<Buffer> {
  yield* slices(content);
  throw error;
}
