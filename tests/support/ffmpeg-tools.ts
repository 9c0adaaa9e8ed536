// The FFmpeg that the tests run: FFMPEG_PATH and FFPROBE_PATH, else Debian's.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FfmpegTools } from '../../ffmpeg/ffmpeg-command.ts';
import { openCage } from '../../ffmpeg/open-cage.ts';

const ffmpegPath = process.env.FFMPEG_PATH ?? '/usr/bin/ffmpeg';
const ffprobePath = process.env.FFPROBE_PATH ?? '/usr/bin/ffprobe';

/** In the cage that a worker would use on this machine. */
export const testTools: FfmpegTools = {
  ffmpegPath,
  ffprobePath,
  cage: await openCage({
    mode: 'auto',
    programs: [ffmpegPath, ffprobePath],
    limits: { memoryBytesMax: 6_000_000_000, fileBytesMax: 1_000_000_000 },
  }),
};

const run = promisify(execFile);

/** Makes media with FFmpeg's own generators. Rejects with what FFmpeg wrote. */
export async function makeMedia(...args: readonly string[]): Promise<void> {
  await run(testTools.ffmpegPath, ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...args]);
}

/** The standard output of FFmpeg, for decoded pictures and samples. */
export async function decodeMedia(...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run(
    testTools.ffmpegPath,
    ['-hide_banner', '-nostdin', '-v', 'error', ...args, 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 },
  );
  return stdout;
}

export type TestFolder = { path(name: string): string; remove(): Promise<void> };

/** A folder of the test's own under the system's temporary folder. */
export async function makeFolder(): Promise<TestFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'scenemill-test-'));
  return {
    path: (name) => join(folder, name),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
