import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newApiKey, openStackHome, stackFolder } from '../../../tools/stack-home.ts';

let parent = '';
let folder = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'stack-home-'));
  folder = join(parent, 'home');
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

describe('the folder of a stack', () => {
  it('keeps its secrets between runs, for the owner alone', async () => {
    const first = await openStackHome(folder);
    await first.release();
    const second = await openStackHome(folder);
    expect(second.secrets).toEqual(first.secrets);
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect(second.secrets.linkSigningSecret.length).toBeGreaterThanOrEqual(43);
  });

  it('is refused to a second stack, with the process that has it', async () => {
    await openStackHome(folder);
    await expect(openStackHome(folder)).rejects.toThrow(`process ${process.pid}`);
  });

  it('is free again after the release', async () => {
    await (await openStackHome(folder)).release();
    await (await openStackHome(folder)).release();
  });

  it.each([
    ['is gone', { pid: 4_194_303, startedAt: '1' }],
    ['has a number that now belongs to another', { pid: process.pid, startedAt: '1' }],
  ])('is free where the process that had it %s', async (_, lock) => {
    await mkdir(folder);
    await writeFile(join(folder, 'lock'), JSON.stringify(lock));
    await openStackHome(folder);
    await expect(openStackHome(folder)).rejects.toThrow('Another stack');
  });

  it('is free where its lock was cut off while it was written', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'lock'), '{"pi');
    await openStackHome(folder);
  });

  it('with damaged secrets says so, makes none in silence, and stays free', async () => {
    await (await openStackHome(folder)).release();
    await writeFile(join(folder, 'secrets.json'), '{}');
    await expect(openStackHome(folder)).rejects.toThrow('damaged');
    await expect(openStackHome(folder)).rejects.toThrow('damaged');
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toBe('{}');
  });

  it('is SCENEMILL_HOME, else .scenemill here', () => {
    expect(stackFolder({ SCENEMILL_HOME: '/srv/mill' })).toBe('/srv/mill');
    expect(stackFolder({ SCENEMILL_HOME: '' })).toBe(join(process.cwd(), '.scenemill'));
  });
});

describe('a new API key', () => {
  it('has the form of a key made by the API and is never the same', () => {
    const keys = new Set(Array.from({ length: 50 }, newApiKey));
    expect(keys.size).toBe(50);
    for (const key of keys) expect(key).toMatch(/^sm_[a-z0-9]{12}\.[A-Za-z0-9_-]{43}$/);
  });
});
