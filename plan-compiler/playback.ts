import { asFrames } from './frame-time.ts';
import type { Frames, VideoPicture } from './render-plan.ts';

/** A stretch of source that plays again and again, then stands still. */
export type Playback = {
  readonly sourceFrame: Frames;
  readonly frames: Frames;
  /** Infinity: never stands still. */
  readonly repeats: number;
};

export type Segment = VideoPicture['segments'][number];

/** What plays in the layer's frames [from, to), repeats written out; nothing where it stands still by then. */
export function playedSegments(playback: Playback, from: number, to: number): readonly Segment[] {
  const end = Math.min(to, playback.frames * playback.repeats);
  const segments: Segment[] = [];
  for (let at = from; at < end; ) {
    const offset = at % playback.frames;
    const frames = Math.min(playback.frames - offset, end - at);
    segments.push({ sourceFrame: asFrames(playback.sourceFrame + offset), frames: asFrames(frames) });
    at += frames;
  }
  return segments;
}

/** The pictures of the layer's frames [from, to): what plays, and for how long its last picture is held. */
export function picturesWithin(
  playback: Playback,
  from: number,
  to: number,
): Pick<VideoPicture, 'segments' | 'holdFrames'> {
  const played = playedSegments(playback, from, to);
  return withHold(played, playback.sourceFrame + playback.frames - 1, to - from);
}

/** Fills up to `frames` by holding the last picture; where nothing plays, `lastFrame` of the source is held. */
export function withHold(
  played: readonly Segment[],
  lastFrame: number,
  frames: number,
): Pick<VideoPicture, 'segments' | 'holdFrames'> {
  // All of it stands still: the last picture plays as one frame, for there must be something to hold.
  const segments = played.length > 0 ? played : [{ sourceFrame: asFrames(lastFrame), frames: asFrames(1) }];
  const playedFrames = segments.reduce((sum, segment) => sum + segment.frames, 0);
  return { segments, holdFrames: asFrames(frames - playedFrames) };
}
