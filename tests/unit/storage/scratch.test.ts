import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScratch } from '../../../storage/scratch.ts';

let root: string;
const longAgo = new Date(Date.now() - 3_600_000);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scenemill-scratch-test-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const scratch = (maxBytes = 1_000, token = 'abc') =>
  createScratch({ root, maxBytes, instance: { place: 'here', pid: process.pid, token } });

describe('a scratch directory', () => {
  it('is empty, its own, and gone when it is removed', async () => {
    const one = await scratch().open('job_1', 'scene_1');
    const two = await scratch(1_000, 'def').open('job_1', 'scene_1');
    expect(one.dir).not.toBe(two.dir);
    await writeFile(one.path('clip.mp4'), 'x');
    expect(await readdir(two.dir)).toEqual([]);
    await one.remove();
    await one.remove();
    await expect(readdir(one.dir)).rejects.toThrow('ENOENT');
    expect(await one.usedBytes()).toBe(0);
  });

  it('is new for each attempt of the same scene', async () => {
    const worker = scratch();
    const [first, second] = [await worker.open('job_1', 'scene_1'), await worker.open('job_1', 'scene_1')];
    expect(first.dir).not.toBe(second.dir);
  });

  it('counts what is below it, and is refused above its bound with advice', async () => {
    const directory = await scratch().open('job_1', 'scene_1');
    await mkdir(join(directory.dir, 'deep'));
    await writeFile(join(directory.dir, 'deep', 'a'), Buffer.alloc(600));
    await writeFile(directory.path('b'), Buffer.alloc(400));
    expect(await directory.usedBytes()).toBe(1_000);
    await directory.check();
    await writeFile(directory.path('c'), 'x');
    await expect(directory.check()).rejects.toMatchObject({
      code: 'SCRATCH_QUOTA_EXCEEDED',
      retryable: false,
      hint: expect.stringContaining('RENDER_SCRATCH_MAX_BYTES') as string,
    });
  });

  it('is watched until the work ends, or is too large', async () => {
    const directory = await scratch().open('job_1', 'scene_1');
    const work = new AbortController();
    const quiet = directory.watch(work.signal);
    work.abort();
    await quiet;
    await writeFile(directory.path('large'), Buffer.alloc(1_001));
    await expect(directory.watch(new AbortController().signal)).rejects.toMatchObject({
      code: 'SCRATCH_QUOTA_EXCEEDED',
    });
  });

  it.each(['', '..', '../x', 'a/b', '.hidden', 'a\0'])('takes no file of the name %j', async (name) => {
    const directory = await scratch().open('job_1', 'scene_1');
    expect(() => directory.path(name)).toThrow('cannot be part of a scratch path');
    await expect(scratch().open('job_1', name)).rejects.toThrow('cannot be part of a scratch path');
  });
});

describe('sweeping', () => {
  it('removes what dead workers left, and nothing else', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const dead = `scenemill-scratch-here-${child.pid}-xyz`;
    const predecessor = `scenemill-scratch-here-${process.pid}-older`;
    const alive = `scenemill-scratch-here-${process.ppid}-xyz`;
    for (const name of [dead, predecessor, alive, 'someone-elses', 'scenemill-scratch-x'])
      await mkdir(join(root, name, 'job_1'), { recursive: true });
    const worker = scratch();
    const own = await worker.open('job_1', 'scene_1');
    expect([...(await worker.sweep())].sort()).toEqual([dead, predecessor].sort());
    expect((await readdir(root)).sort()).toEqual(
      [alive, 'scenemill-scratch-x', `scenemill-scratch-here-${process.pid}-abc`, 'someone-elses'].sort(),
    );
    expect(await own.usedBytes()).toBe(0);
  });

  it('takes a worker elsewhere, whose process id says nothing here, for gone when it marks its folder no more', async () => {
    const elsewhere = createScratch({
      root,
      maxBytes: 1_000,
      instance: { place: 'there', pid: process.pid, token: 'xyz' },
    });
    const attempt = await elsewhere.open('job_1', 'scene_1');
    expect(await scratch().sweep()).toEqual([]);
    const folder = dirname(attempt.dir);
    await utimes(folder, longAgo, longAgo);
    await elsewhere.sweep();
    expect(await scratch().sweep()).toEqual([]);
    await utimes(folder, longAgo, longAgo);
    expect(await scratch().sweep()).toEqual([basename(folder)]);
  });

  it('removes what ended attempts of a running worker left, and nothing of those under way', async () => {
    const worker = scratch();
    const [ended, running] = [await worker.open('job_1', 'scene_1'), await worker.open('job_1', 'scene_2')];
    await writeFile(running.path('clip.mp4'), 'x');
    await ended.remove();
    // As if it could not have been removed then.
    await mkdir(ended.dir);
    expect(await worker.sweep()).toEqual([basename(ended.dir)]);
    expect(await readdir(running.dir)).toEqual(['clip.mp4']);
  });

  it('finds nothing where there is no root yet', async () => {
    await rm(root, { recursive: true });
    expect(await scratch().sweep()).toEqual([]);
  });
});
