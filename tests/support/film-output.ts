// A tiny film's format, and clips of it made as scenes make theirs.
import { asFrames, timescaleOf } from '../../plan-compiler/frame-time.ts';
import type { FrameRate, OutputSpec } from '../../plan-compiler/render-plan.ts';
import { makeMedia } from './ffmpeg-tools.ts';

const tinySize = { width: 64, height: 36 };

export function tinyOutput(fps: FrameRate): OutputSpec {
  return {
    ...tinySize,
    fps,
    sampleRate: 48_000,
    video: {
      codec: 'h264',
      preset: 'veryfast',
      crf: 23,
      threads: 1,
      gopFrames: asFrames(60),
      repeatsStills: true,
    },
    audio: { codec: 'aac', bitsPerSecond: 192_000, channels: 2 },
    renderer: 'test',
  };
}

/**
 * A moving test picture; `size` makes one that does not fit the film. Its header states its length in milliseconds, rounded
 * up, unlike that of our own clips: a join that trusted it would show.
 */
export async function makeClip(
  path: string,
  frames: number,
  film: { readonly fps: FrameRate; readonly size?: string },
): Promise<void> {
  const rate = `${film.fps.num}/${film.fps.den}`;
  const timescale = String(timescaleOf(film.fps));
  await makeMedia(
    ...['-f', 'lavfi', '-i', `testsrc2=size=${film.size ?? '64x36'}:rate=${rate}`],
    ...['-frames:v', String(frames), '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'],
    ...['-bf', '0', '-flags', '+cgop', '-threads', '1', '-video_track_timescale', timescale],
    path,
  );
}
