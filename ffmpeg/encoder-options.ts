import { timescaleOf } from '../plan-compiler/frame-time.ts';
import type { FrameRate, OutputSpec } from '../plan-compiler/render-plan.ts';

/**
 * The mezzanine: no B-frames and closed GOPs, so that a clip of any length joins by copying; threads pinned, since the bytes
 * depend on them (facts: ffmpeg, sections 1 and 3).
 */
export function encoderOptions({ video }: Pick<OutputSpec, 'video'>): readonly string[] {
  return [
    ...['-c:v', 'libx264', '-preset', video.preset, '-crf', String(video.crf), '-pix_fmt', 'yuv420p'],
    ...['-bf', '0', '-flags', '+cgop', '-g', String(video.gopFrames), '-threads', String(video.threads)],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    ...['-an', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact'],
  ];
}

/** An MP4 of pictures alone, with one track time scale for all clips of a film. */
export function clipOptions(fps: FrameRate): readonly string[] {
  const timescale = String(timescaleOf(fps));
  return ['-video_track_timescale', timescale, '-movie_timescale', timescale, '-f', 'mp4'];
}

/** A bare H.264 stream, in which pictures can be told apart and put in. */
export const streamOptions: readonly string[] = ['-f', 'h264'];
