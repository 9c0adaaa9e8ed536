// Reads back the film's sound: exactly as long as planned, without a gap, and decodable to its end.
import { RenderError } from '../contract/errors.ts';
import type { FfmpegTools } from './ffmpeg-command.ts';
import { PacketCounts } from './packet-counts.ts';
import { readMedia } from './read-media.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { probeTimeoutMs } from './run-ffprobe.ts';

/** One frame of AAC: how far the sound's end may lie from the plan's. */
export const aacFrameSamples = 1024;

export type SoundCheck = {
  readonly path: string;
  readonly totalSamples: number;
  readonly signal?: AbortSignal | undefined;
};

/** Throws ASSEMBLE_FAILED with what was expected and what was found. */
export async function checkSound(tools: FfmpegTools, check: SoundCheck): Promise<void> {
  const checks = [checkLength(tools, check), decodeWhole(tools, check)];
  // Both come to rest before the first fault is told: nothing may read the file any more.
  await Promise.allSettled(checks);
  await Promise.all(checks);
}

async function checkLength(tools: FfmpegTools, { path, totalSamples, signal }: SoundCheck): Promise<void> {
  const counts = new PacketCounts();
  const report = await readMedia(tools, {
    inputOptions: ['-f', 'mov'],
    path,
    what: "the film's sound",
    errorCode: 'ASSEMBLE_FAILED',
    timeoutMs: probeTimeoutMs,
    signal,
    onPacket: (packet) => counts.add(packet),
  });
  const [stream] = report.streams;
  const end = counts.of(0).end ?? 0;
  if (
    stream?.codec_name !== 'aac' ||
    stream.start_pts !== '0' ||
    Math.abs(end - totalSamples) >= aacFrameSamples
  ) {
    throw new RenderError(
      'ASSEMBLE_FAILED',
      `The film's sound is ${stream?.codec_name ?? 'missing'} from ${stream?.start_pts ?? '?'} to sample ${end}, ` +
        `not AAC from 0 to ${totalSamples}.`,
    );
  }
}

async function decodeWhole(tools: FfmpegTools, { path, signal }: SoundCheck): Promise<void> {
  await runFfmpeg(
    tools,
    {
      inputs: [{ path, options: ['-xerror', '-err_detect', 'explode', '-f', 'mov'] }],
      output: { streams: [], options: ['-map', '0:a:0', '-f', 'null'], path: '/dev/null' },
    },
    { errorCode: 'ASSEMBLE_FAILED', what: "decoding the film's sound", signal },
  );
}
