import type { FilmContext } from './film-context.ts';
import { asFrames, frameAt } from './frame-time.ts';
import type { OutputSpec } from './render-plan.ts';

/** Players seek to key frames; two seconds keep that quick at little cost in size. */
const KEY_FRAME_SECONDS = 2;

/** How every scene and the programme are encoded. */
export function outputSpec({ input, rate, canvas, sampleRate }: FilmContext): OutputSpec {
  const { crf, threads, audioBitsPerSecond } = input.encoding;
  const gopFrames = asFrames(Math.max(1, frameAt(KEY_FRAME_SECONDS, rate)));
  return {
    width: canvas.width,
    height: canvas.height,
    fps: rate,
    sampleRate,
    video: { codec: 'h264', preset: 'veryfast', crf, threads, gopFrames },
    audio: { codec: 'aac', bitsPerSecond: audioBitsPerSecond, channels: 2 },
    renderer: input.renderer,
  };
}
