// Renders the pictures of one part of a scene to a clip that joins by copying.
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { FrameRate } from '../plan-compiler/render-plan.ts';
import type { PictureRequest } from './compose-picture.ts';
import { clipOptions, encoderOptions, streamOptions } from './encoder-options.ts';
import type { FfmpegCommand, FfmpegTools } from './ffmpeg-command.ts';
import { printRate } from './film-clock.ts';
import { buildPictureGraph, type PictureGraph } from './picture-graph.ts';
import { printNumber } from './print-graph.ts';
import { repeatStills } from './repeat-stills.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import type { SkipFrameMaker, SkipFrames } from './skip-frames.ts';

export type RenderPictureRequest = PictureRequest & {
  readonly outputPath: string;
  readonly skipFrames: SkipFrameMaker;
  /** For error texts: "scene intro". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** Share of the work done, 0–1. */
  readonly onProgress?: ((share: number) => void) | undefined;
};

/** Writes an MP4 of exactly `picture.frames` frames; the caller verifies it. Faults: SCENE_RENDER_FAILED. */
export async function renderPicture(tools: FfmpegTools, request: RenderPictureRequest): Promise<void> {
  const graph = buildPictureGraph(request);
  const isWhole = graph.encodedFrames === request.picture.frames;
  const skipFrames = isWhole ? null : await request.skipFrames.forFormat(request.output);
  if (skipFrames !== null) return renderRepeating(tools, request, { graph, skipFrames });
  const whole = isWhole ? graph : buildPictureGraph(everyFrame(request));
  await encode(tools, request, {
    graph: whole,
    path: request.outputPath,
    container: clipOptions(request.output.fps),
  });
}

function everyFrame(request: PictureRequest): PictureRequest {
  const { output } = request;
  return { ...request, output: { ...output, video: { ...output.video, repeatsStills: false } } };
}

/** Encodes what changes, puts the rest in between as repeated pictures, and wraps the stream up. */
async function renderRepeating(
  tools: FfmpegTools,
  request: RenderPictureRequest,
  { graph, skipFrames }: { readonly graph: PictureGraph; readonly skipFrames: SkipFrames },
): Promise<void> {
  const path = `${request.outputPath}.264`;
  await encode(tools, request, { graph, path, container: streamOptions });
  const stream = repeatStills(createReadStream(path), graph.runs, skipFrames);
  await runFfmpeg(tools, wrapCommand(request), {
    errorCode: 'SCENE_RENDER_FAILED',
    what: request.what,
    signal: request.signal,
    stdin: Readable.from(stream, { objectMode: false }),
  });
  await rm(path);
}

type Encoding = {
  readonly graph: PictureGraph;
  readonly path: string;
  readonly container: readonly string[];
};

async function encode(
  tools: FfmpegTools,
  request: RenderPictureRequest,
  { graph, path, container }: Encoding,
): Promise<void> {
  const { output, onProgress } = request;
  const command: FfmpegCommand = {
    inputs: graph.inputs,
    output: {
      streams: [graph.stream],
      path,
      options: [
        ...['-copyts', '-start_at_zero', '-frames:v', String(graph.encodedFrames)],
        ...['-r', printRate(output.fps)],
        ...encoderOptions(output),
        ...keyFrameOptions(graph, output.fps),
        ...container,
      ],
    },
  };
  await runFfmpeg(tools, command, {
    errorCode: 'SCENE_RENDER_FAILED',
    what: request.what,
    signal: request.signal,
    onProgress:
      onProgress === undefined ? undefined : (progress) => onProgress(progress.frame / graph.encodedFrames),
  });
}

/** By time; FFmpeg rounds to the nearest frame. */
function keyFrameOptions({ keyFrames }: PictureGraph, fps: FrameRate): readonly string[] {
  if (keyFrames.length === 0) return [];
  const times = keyFrames.map((frame) => printNumber((frame * fps.den) / fps.num));
  return ['-force_key_frames', times.join(','), '-forced-idr', '1'];
}

/**
 * A bare stream has no times: `-r` counts them without adding up errors, which `-framerate` does (frame 51 was late by a tick).
 * `setts` counts in other units on 5.1 than on 9. The caller's check finds every picture that is not at its place.
 */
function wrapCommand(request: Pick<RenderPictureRequest, 'output' | 'outputPath'>): FfmpegCommand {
  const { fps } = request.output;
  return {
    inputs: [{ path: 'pipe:0', options: ['-f', 'h264', '-r', printRate(fps)] }],
    output: {
      streams: [],
      path: request.outputPath,
      options: [
        ...['-map', '0:v:0', '-c', 'copy', '-fflags', '+bitexact', '-map_metadata', '-1'],
        // The parameter sets stand in the file's header, as in a clip that was written at once.
        ...['-bsf:v', 'filter_units=remove_types=7|8'],
        ...clipOptions(fps),
      ],
    },
  };
}
