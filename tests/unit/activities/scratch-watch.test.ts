import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withScratchWatch } from '../../../activities/scratch-watch.ts';
import { createScratch, type ScratchDirectory } from '../../../storage/scratch.ts';

let root = '';
let folder: ScratchDirectory;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scenemill-watch-'));
  const instance = { place: 'here', pid: process.pid, token: 'test' };
  folder = await createScratch({ root, maxBytes: 1_000, instance }).open('job_1', 'scene_1');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const { signal } = new AbortController();
const quota = { code: 'SCRATCH_QUOTA_EXCEEDED' };

it('work that grows too large is stopped, with the quota as the reason', async () => {
  const work = withScratchWatch(folder, signal, async (either) => {
    await writeFile(folder.path('clip.264'), Buffer.alloc(1_001));
    await new Promise<never>((_, reject) => {
      const stop = (): void => reject(either.reason as Error);
      // The watch may have seen the file before its writing ended.
      if (either.aborted) stop();
      else either.addEventListener('abort', stop);
    });
  });
  await expect(work).rejects.toMatchObject(quota);
});

it('work that ends between two looks is looked at when it has ended', async () => {
  const unseen: ScratchDirectory = { ...folder, watch: () => Promise.resolve() };
  const write = (bytes: number) => () => writeFile(folder.path('clip.mp4'), Buffer.alloc(bytes));
  await withScratchWatch(unseen, signal, write(1_000));
  await expect(withScratchWatch(unseen, signal, write(1_001))).rejects.toMatchObject(quota);
});
