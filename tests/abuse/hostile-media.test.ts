// A3: every hostile file as a source, through the three walls one by one: the look at its first bytes, FFmpeg's own
// allow-lists, and the cage. A canary file and a canary address prove that nothing was read or called.
import { execFile } from 'node:child_process';
import { access, mkdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cageCommand, openGround } from '../../ffmpeg/cage.ts';
import { probeAsset } from '../../ffmpeg/probe-asset.ts';
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts';
import { userFile } from '../../ffmpeg/user-input.ts';
import { makeFolder, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { type Canary, placeCanary } from './canary.ts';
import { type HostileFile, makeHostileMedia } from './corpus/hostile-media.ts';

const openTools = { ...testTools, cage: openGround };
/** Beside the other tests of two cores; alone the slowest takes a fifth of it. */
const probeMsMax = 2_000;

let folder: TestFolder;
let canary: Canary;
let files: readonly HostileFile[] = [];
beforeAll(async () => {
  [folder, canary] = await Promise.all([makeFolder(), placeCanary()]);
  await mkdir(folder.path('corpus'));
  files = await makeHostileMedia(folder.path('corpus'), canary);
  await canary.wasRead();
});
afterAll(async () => {
  await canary.remove();
  await folder.remove();
});

async function expectUntouched(): Promise<void> {
  expect(await canary.wasRead()).toBe(false);
  expect(canary.visits()).toBe(0);
}

const withoutScripts = (): HostileFile[] =>
  files.filter(({ name }) => !/^(hls|concat|dash|drawing)/.test(name));
const scripts = (): HostileFile[] => files.filter(({ name }) => /^(hls|concat|dash|drawing)/.test(name));

describe('A3 · a hostile file', () => {
  it('is a real danger: FFmpeg without any guard reads the canary', async () => {
    const [playlist] = files.filter(({ name }) => name === 'hls-absolute.mp4');
    await promisify(execFile)(testTools.ffmpegPath, [
      ...['-nostdin', '-v', 'error', '-i', playlist?.path ?? '', '-frames:v', '1', '-f', 'null', '-'],
    ]).catch(() => undefined);
    expect(await canary.wasRead()).toBe(true);
  });

  it('is refused at the door with a reason, in less than two seconds', async () => {
    expect(files.length).toBeGreaterThan(25);
    for (const { name, path, refusal } of files) {
      const begin = performance.now();
      const outcome: unknown = await probeAsset(testTools, { path, name }).catch((error: unknown) => error);
      expect(performance.now() - begin, name).toBeLessThan(probeMsMax);
      if (refusal === null) expect(outcome, name).toMatchObject({ kind: 'video' });
      else {
        expect(outcome, name).toMatchObject({ code: 'ASSET_INVALID' });
        expect(String(outcome), name).toMatch(refusal);
      }
    }
    await expectUntouched();
  });

  it('that got past the door is refused by the allow-lists, whatever reads it', async () => {
    for (const { name, path } of scripts()) {
      for (const demuxer of ['mov', 'matroska', 'png_pipe', 'aac']) {
        const read = runFfmpeg(
          openTools,
          {
            inputs: [userFile(path, demuxer)],
            output: { streams: [], options: ['-frames:v', '1', '-f', 'null'], path: '/dev/null' },
          },
          { errorCode: 'ASSET_INVALID', what: name },
        );
        await expect(read, `${name} as ${demuxer}`).rejects.toMatchObject({ code: 'ASSET_INVALID' });
      }
    }
    await expectUntouched();
  });

  it('that got past both finds nothing in the cage', async () => {
    if (testTools.cage.sandbox.kind === 'none') return;
    for (const { path } of scripts()) {
      const [program, ...args] = cageCommand(testTools.cage, {
        path: testTools.ffmpegPath,
        arguments: ['-nostdin', '-v', 'error', '-safe', '0', '-i', path, '-frames:v', '1', '-f', 'null', '-'],
        reads: [path],
        writes: [],
      });
      await promisify(execFile)(program, args).catch(() => undefined);
    }
    await expectUntouched();
  });

  it('cannot be named by an address in the place of its path', async () => {
    for (const path of [`concat:${canary.path}`, `subfile,,start,0,end,0,,:${canary.path}`, canary.url]) {
      const read = runFfmpeg(
        openTools,
        {
          inputs: [userFile(path, 'mov')],
          output: { streams: [], options: ['-f', 'null'], path: '/dev/null' },
        },
        { errorCode: 'ASSET_INVALID', what: path },
      );
      await expect(read, path).rejects.toMatchObject({ code: 'ASSET_INVALID' });
    }
    await expectUntouched();
  });

  it('leaves no attachment behind and no mark of its own in what is made of it', async () => {
    for (const { name, path } of withoutScripts().filter(({ refusal }) => refusal === null)) {
      const output = folder.path(`${name}.out.mp4`);
      await runFfmpeg(
        testTools,
        {
          inputs: [userFile(path, name.endsWith('.mkv') ? 'matroska' : 'mov')],
          output: {
            streams: [],
            path: output,
            options: [
              '-map',
              '0:V:0',
              '-frames:v',
              '1',
              '-map_metadata',
              '-1',
              '-fflags',
              '+bitexact',
              '-f',
              'mp4',
            ],
          },
        },
        { errorCode: 'ASSET_INVALID', what: name },
      );
      const bytes = (await readFile(output)).toString('latin1');
      for (const mark of ['<script>', '+48.8577', 'x-evil']) expect(bytes, name).not.toContain(mark);
    }
    await expect(access('/tmp/scenemill-abuse-hit')).rejects.toThrow();
  });
});
