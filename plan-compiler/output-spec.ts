import type { FilmContext } from './film-context.ts';
import { asFrames, frameAt } from './frame-time.ts';
import type { OutputSpec } from './render-plan.ts';

/** Players seek to key frames, and every scene begins with one. Near x264's own 250 frames; 2 s cost 2-3 % in size. */
const KEY_FRAME_SECONDS = 8;

/** How every scene and the programme are encoded. */
export function outputSpec({ input, rate, canvas, sampleRate }: FilmContext): OutputSpec {
  const { crf, threads, repeatsStills, audioBitsPerSecond } = input.encoding;
  const gopFrames = asFrames(Math.max(1, frameAt(KEY_FRAME_SECONDS, rate)));
  return {
    width: canvas.width,
    height: canvas.height,
    fps: rate,
    sampleRate,
    video: { codec: 'h264', preset: 'veryfast', crf, threads, gopFrames, repeatsStills },
    audio: { codec: 'aac', bitsPerSecond: audioBitsPerSecond, channels: 2 },
    renderer: input.renderer,
  };
}
