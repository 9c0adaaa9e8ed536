// Renders the pictures of one part of a scene to a clip that joins by copying.
import { timescaleOf } from '../plan-compiler/frame-time.ts';
import type { OutputSpec } from '../plan-compiler/render-plan.ts';
import type { FfmpegCommand, FfmpegTools } from './ffmpeg-command.ts';
import { printRate } from './film-clock.ts';
import { buildPictureGraph, type PictureRequest } from './picture-graph.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

export type RenderPictureRequest = PictureRequest & {
  readonly outputPath: string;
  /** For error texts: "scene intro". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** Frames encoded so far. */
  readonly onProgress?: ((frames: number) => void) | undefined;
};

/** Writes an MP4 of exactly `picture.frames` frames; the caller verifies it. Faults: SCENE_RENDER_FAILED. */
export async function renderPicture(tools: FfmpegTools, request: RenderPictureRequest): Promise<void> {
  const { onProgress } = request;
  await runFfmpeg(tools, pictureCommand(request), {
    errorCode: 'SCENE_RENDER_FAILED',
    what: request.what,
    signal: request.signal,
    onProgress: onProgress === undefined ? undefined : (progress) => onProgress(progress.frame),
  });
}

/** The command as data, for running and for showing. */
function pictureCommand(request: PictureRequest & { readonly outputPath: string }): FfmpegCommand {
  const graph = buildPictureGraph(request);
  return {
    inputs: graph.inputs,
    output: {
      streams: [graph.stream],
      path: request.outputPath,
      options: [
        ...[
          '-copyts',
          '-start_at_zero',
          '-frames:v',
          String(request.picture.frames),
          '-r',
          printRate(request.output.fps),
        ],
        ...encoderOptions(request.output),
      ],
    },
  };
}

/**
 * The mezzanine: no B-frames and closed GOPs, so that a clip of any length joins by copying; one track time scale for all
 * clips; threads pinned, since the bytes depend on them (facts: ffmpeg, sections 1 and 3).
 */
function encoderOptions(output: OutputSpec): readonly string[] {
  const timescale = String(timescaleOf(output.fps));
  const { video } = output;
  return [
    ...['-c:v', 'libx264', '-preset', video.preset, '-crf', String(video.crf), '-pix_fmt', 'yuv420p'],
    ...['-bf', '0', '-flags', '+cgop', '-g', String(video.gopFrames), '-threads', String(video.threads)],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    ...['-video_track_timescale', timescale, '-movie_timescale', timescale],
    ...[
      '-an',
      '-sn',
      '-dn',
      '-map_metadata',
      '-1',
      '-map_chapters',
      '-1',
      '-fflags',
      '+bitexact',
      '-flags:v',
      '+bitexact',
    ],
    ...['-f', 'mp4'],
  ];
}
