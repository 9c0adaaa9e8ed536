import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeFfmpeg } from '../../ffmpeg/describe-ffmpeg.ts';
import { findSetpriv } from '../../ffmpeg/find-setpriv.ts';
import { makeFolder, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

describe('the programs', () => {
  it('describe themselves down to the build of x264', async () => {
    const one = await describeFfmpeg(testTools);
    expect(one.version).toMatch(/^n?\d+\./);
    expect(one.x264).toMatch(/^core \d+/);
    expect(one.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(await describeFfmpeg(testTools)).toEqual(one);
  });

  it('are refused where they are no FFmpeg', async () => {
    await expect(describeFfmpeg({ ...testTools, ffmpegPath: '/bin/true' })).rejects.toMatchObject({
      code: 'INTERNAL',
    });
  });

  it('find setpriv only where it can tie lives together', async () => {
    const found = await findSetpriv();
    expect(found === null || found.endsWith('/setpriv')).toBe(true);
    await writeFile(folder.path('setpriv'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(await findSetpriv(folder.path('.'))).toBeNull();
    expect(await findSetpriv('')).toBeNull();
  });
});
