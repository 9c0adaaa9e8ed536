// A tiny film's format, and clips of it made as scenes make theirs.
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { readPictures } from '../../ffmpeg/coded-pictures.ts';
import { type BFrames, encoderOptions, streamOptions } from '../../ffmpeg/encoder-options.ts';
import { printRate } from '../../ffmpeg/film-clock.ts';
import { readUnits } from '../../ffmpeg/h264-units.ts';
import { narrowOrder } from '../../ffmpeg/narrow-order.ts';
import { writeClip } from '../../ffmpeg/write-clip.ts';
import { asFrames } from '../../plan-compiler/frame-time.ts';
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

/** A moving test picture, coded and written as a scene's is; `size` makes one that does not fit the film. */
export async function makeClip(
  path: string,
  frames: number,
  film: {
    readonly fps: FrameRate;
    readonly size?: { readonly width: number; readonly height: number };
    /** A picture file to show instead. */
    readonly picture?: string;
    readonly bFrames?: BFrames;
  },
): Promise<void> {
  const format = { ...tinyOutput(film.fps), ...film.size };
  const source = `testsrc2=size=${format.width}x${format.height}:rate=${printRate(film.fps)}`;
  const stream = `${path}.264`;
  await makeMedia(
    ...(film.picture === undefined
      ? ['-f', 'lavfi', '-i', source]
      : ['-stream_loop', '-1', '-i', film.picture, '-r', printRate(film.fps)]),
    ...['-frames:v', String(frames)],
    ...[...encoderOptions(format, film.bFrames), ...streamOptions, stream],
  );
  await rm(path, { force: true });
  const pictures = readPictures(readUnits(createReadStream(stream)));
  await writeClip(narrowOrder(pictures), { path, format });
}
