import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseFfmpeg, chooseProgram } from '../../../tools/ffmpeg-choice.ts';
import { hintFor } from '../../../tools/ffmpeg-install.ts';

const recordedFolder = fileURLToPath(new URL('./recorded', import.meta.url));
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmpeg-choice-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A program that answers what a real one answered when it was recorded, without the lines that hold `lacking`. */
async function program(name: string, version: string, lacking = '^$'): Promise<string> {
  const path = join(folder, name);
  const isProbe = name.endsWith('probe');
  await writeFile(
    path,
    `#!${process.execPath}
const { readFileSync } = require('node:fs');
const option = process.argv.at(-1).slice(1);
const text = readFileSync('${recordedFolder}/ffmpeg-${version}/' + option + '.txt', 'utf8');
const lines = text.split('\\n').filter((line) => !/${lacking}/.test(line)).join('\\n');
process.stdout.write(${isProbe ? "lines.replace('ffmpeg version', 'ffprobe version')" : 'lines'});
`,
  );
  await chmod(path, 0o755);
  return path;
}

const nothing = { install: () => Promise.resolve(false) };

describe('the choice of FFmpeg', () => {
  it('takes the programs of the environment before those on PATH', async () => {
    await program('ffmpeg', '5.1.9');
    await program('ffprobe', '5.1.9');
    const named = await program('my-ffmpeg', '9.0.2');
    const chosen = await chooseFfmpeg({ environment: { PATH: folder, FFMPEG_PATH: named }, ...nothing });
    expect(chosen.ffmpeg).toEqual({
      path: named,
      from: 'FFMPEG_PATH',
      version: 'n9.0.2-17-g2a571b6068-20260930',
    });
    expect(chosen.ffprobe.path).toBe(join(folder, 'ffprobe'));
  });

  it('passes over a program that lacks a filter, and says which', async () => {
    await program('ffmpeg', '5.1.9', ' zscale ');
    const { chosen, faults } = await chooseProgram('ffmpeg', { PATH: folder });
    expect(chosen).toBeNull();
    expect(faults.join()).toContain('lacks filter zscale');
  });

  it('does not go behind the back of someone who named a program that is not fit', async () => {
    await program('ffmpeg', '5.1.9');
    await program('ffprobe', '5.1.9');
    const named = await program('my-ffmpeg', '5.1.9', ' libx264 ');
    let installs = 0;
    const search = {
      environment: { PATH: folder, FFMPEG_PATH: named },
      install: () => Promise.resolve((installs += 1) > 0),
    };
    await expect(chooseFfmpeg(search)).rejects.toThrow(/FFMPEG_PATH.*lacks encoder libx264/);
    expect(installs).toBe(0);
  });

  it('installs where none is fit, and takes what came', async () => {
    const search = {
      environment: { PATH: folder },
      install: async () => {
        await program('ffmpeg', '5.1.9');
        await program('ffprobe', '5.1.9');
        return true;
      },
    };
    expect((await chooseFfmpeg(search)).ffmpeg.path).toBe(join(folder, 'ffmpeg'));
  });

  it('ends with the command that helps where nothing can be installed', async () => {
    await expect(chooseFfmpeg({ environment: { PATH: dirname(folder) }, ...nothing })).rejects.toThrow(
      'Install it:',
    );
  });
});

describe('the hint', () => {
  it('is the command of the system', () => {
    expect(hintFor('darwin', '')).toContain('brew');
    expect(hintFor('win32', '')).toContain('winget');
    expect(hintFor('linux', 'NAME="Debian"\nID=debian\n')).toContain('apt-get');
    expect(hintFor('linux', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toContain('apt-get');
    expect(hintFor('linux', 'ID=alpine\n')).toContain('apk');
    expect(hintFor('linux', '')).toContain('FFMPEG_PATH');
  });
});
