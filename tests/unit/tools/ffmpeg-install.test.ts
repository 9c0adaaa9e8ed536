import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installFfmpeg } from '../../../tools/ffmpeg-install.ts';
import { waitUntil } from '../../../tools/wait-until.ts';

let folder = '';
const said: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmpeg-install-'));
  said.length = 0;
  vi.stubEnv('PATH', [folder, process.env.PATH ?? ''].join(delimiter));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const calls = (): Promise<string> => readFile(join(folder, 'calls'), 'utf8').catch(() => '');

/** Notes what it is called with, and then does what the test says. */
async function placeAptGet(script: string): Promise<void> {
  const path = join(folder, 'apt-get');
  await writeFile(path, `#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >>'${folder}/calls'\n${script}\n`);
  await chmod(path, 0o755);
}

const asUser = (uid: number): void => {
  vi.spyOn(process, 'getuid').mockReturnValue(uid);
};
const install = (signal?: AbortSignal): Promise<boolean> => installFfmpeg((line) => said.push(line), signal);

describe('installing FFmpeg', () => {
  it('is done with apt-get as root, and said before', async () => {
    await placeAptGet('echo working');
    asUser(0);
    expect(await install()).toBe(true);
    expect(said[0]).toMatch(/FFmpeg is missing.* apt-get/);
    expect(said.indexOf('working')).toBeGreaterThan(0);
    expect(await calls()).toBe(
      'noninteractive update\nnoninteractive install -y --no-install-recommends ffmpeg\n',
    );
  });

  it('is not our business without the rights for it, or without apt-get', async () => {
    await placeAptGet('exit 1');
    asUser(1000);
    expect(await install()).toBe(false);
    vi.stubEnv('PATH', '/nowhere');
    asUser(0);
    expect(await install()).toBe(false);
    expect([said, await calls()]).toEqual([[], '']);
  });

  it('that fails says with what words', async () => {
    await placeAptGet('echo "E: Unable to locate package ffmpeg" >&2; exit 100');
    asUser(0);
    await expect(install()).rejects.toThrow(/apt-get update failed:\nE: Unable to locate package ffmpeg/);
  });

  it('is interrupted as apt-get wants to be, and not gone on with', async () => {
    await placeAptGet(
      `trap 'echo interrupted >>"${folder}/calls"; exit 130' INT\nwhile :; do sleep 0.05; done`,
    );
    asUser(0);
    const breakOff = new AbortController();
    const installing = install(breakOff.signal);
    await waitUntil(
      async () => {
        if (!(await calls()).includes('update')) throw new Error('not yet');
      },
      { what: 'apt-get', timeoutMs: 5_000 },
    );
    breakOff.abort(new Error('Ctrl-C'));
    await expect(installing).rejects.toThrow('Ctrl-C');
    expect(await calls()).toBe('noninteractive update\ninterrupted\n');
  });
});
