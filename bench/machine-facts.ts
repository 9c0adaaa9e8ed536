import { execFile } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { MachineFacts } from './results.ts';

const run = promisify(execFile);

/** What the figures were measured on. */
export async function readMachineFacts(ffmpeg: {
  readonly path: string;
  readonly version: string;
}): Promise<MachineFacts> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
    ffmpeg: ffmpeg.version,
    x264: await x264Version(ffmpeg.path),
  };
}

/** The encoder writes its version into each stream; FFmpeg itself does not tell it. */
async function x264Version(ffmpegPath: string): Promise<string> {
  const { stdout } = await run(
    ffmpegPath,
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'color=s=64x64:d=0.1', '-frames:v', '1'],
      ...['-c:v', 'libx264', '-f', 'h264', '-'],
    ],
    { encoding: 'latin1' },
  );
  return /x264 - (core \d+(?: r\S+)?(?: \S+)?)/.exec(stdout)?.[1] ?? 'unknown';
}
