// The clock of every stream in a picture graph: time base 1/fps, so that a time stamp is a frame number.
import type { FrameRate } from '../plan-compiler/render-plan.ts';
import { apply, chain, type Stream } from './filter-graph.ts';

export function printRate(fps: FrameRate): string {
  return `${fps.num}/${fps.den}`;
}

/** Numbers the frames of a stream from `first`, one by one. */
export function numberFrames(stream: Stream<'video'>, fps: FrameRate, first: number): Stream<'video'> {
  return chain(stream, [
    ['settb', { expr: `${fps.den}/${fps.num}` }],
    ['setpts', { expr: first === 0 ? 'N' : `N+${first}` }],
  ]);
}

/** Shifts the numbers of a stream that has the film's clock. */
export function shiftFrames(stream: Stream<'video'>, by: number): Stream<'video'> {
  return by === 0 ? stream : apply(stream, 'setpts', { expr: by > 0 ? `PTS+${by}` : `PTS${by}` });
}

/** One picture repeated: references, no copies. */
export function repeatPicture(stream: Stream<'video'>, frames: number): Stream<'video'> {
  if (frames === 1) return stream;
  return apply(stream, 'loop', { loop: frames - 1, size: 1, start: 0 });
}
