// Which FFmpeg and which x264 this is, so that clips of different builds never share a cache key.
import { createHash } from 'node:crypto';
import { RenderError } from '../contract/errors.ts';
import type { FfmpegTools } from './ffmpeg-command.ts';
import { readOutput } from './read-output.ts';

export type FfmpegDescription = {
  /** As FFmpeg states it: "5.1.9-0+deb12u1". */
  readonly version: string;
  /** As x264 signs its streams: "core 164 r3095 baee400". */
  readonly x264: string;
  /** SHA-256 over the versions and configuration of FFmpeg and all its libraries, and over x264's build. */
  readonly fingerprint: string;
};

/** Asks both; takes 0.2 s, so a worker does it once at its start. */
export async function describeFfmpeg(tools: FfmpegTools): Promise<FfmpegDescription> {
  const ask = (...list: readonly string[]) =>
    readOutput({ path: tools.ffmpegPath, arguments: list }, tools.cage);
  const about = await ask('-version');
  const version = /^ffmpeg version (\S+)/.exec(about.text)?.[1];
  // FFmpeg links x264 as a library and cannot name its build; a stream of one frame carries the name in clear text.
  const stream = await ask(
    ...['-hide_banner', '-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'color=size=16x16:rate=1'],
    ...['-frames:v', '1', '-c:v', 'libx264', '-f', 'h264', 'pipe:1'],
  );
  const x264 = /x264 - (core \d+(?: r\d+)?(?: [0-9a-f]+)?)/.exec(stream.text)?.[1];
  if (version === undefined || x264 === undefined) {
    throw new RenderError('INTERNAL', `${tools.ffmpegPath} is no FFmpeg with libx264.`, {
      hint: 'Run "scenemill doctor" on the worker.',
      retryable: false,
    });
  }
  const fingerprint = createHash('sha256').update(`${about.text}\n${x264}`).digest('hex');
  return { version, x264, fingerprint };
}
