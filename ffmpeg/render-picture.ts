// Renders the pictures of one part of a scene to a clip that joins by copying.
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { RenderError } from '../contract/errors.ts';
import type { FrameRate } from '../plan-compiler/render-plan.ts';
import { isCameraMove } from './camera-move.ts';
import { readPictures, UnfitStreamError } from './coded-pictures.ts';
import type { PictureRequest } from './compose-picture.ts';
import { type BFrames, encoderOptions, streamOptions } from './encoder-options.ts';
import type { FfmpegCommand, FfmpegTools } from './ffmpeg-command.ts';
import { printRate } from './film-clock.ts';
import { readUnits } from './h264-units.ts';

import { narrowOrder } from './narrow-order.ts';
import { buildPictureGraph, type PictureGraph } from './picture-graph.ts';
import { printNumber } from './print-graph.ts';
import { repeatStills } from './repeat-stills.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import type { SkipFrameMaker, SkipFrames } from './skip-frames.ts';
import { writeClip } from './write-clip.ts';

export type RenderPictureRequest = PictureRequest & {
  readonly outputPath: string;
  readonly skipFrames: SkipFrameMaker;
  /** For error texts: "scene intro". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** Share of the work done, 0–1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** FFmpeg has ended well; the clip is written from what it left. */
  readonly onEncoded?: (() => void) | undefined;
};

/**
 * Writes an MP4 of exactly `picture.frames` frames, each at its place: that is checked as they are written. Faults:
 * SCENE_RENDER_FAILED.
 */
export async function renderPicture(tools: FfmpegTools, request: RenderPictureRequest): Promise<void> {
  const graph = buildPictureGraph(request);
  const isWhole = graph.encodedFrames === request.picture.frames;
  const skipFrames = isWhole ? null : await request.skipFrames.forFormat(request.output);
  if (skipFrames !== null) return renderGraph(tools, request, { graph, skipFrames, bFrames: 1 });
  const bFrames = isCameraMove(request) ? 2 : 1;
  await renderGraph(tools, request, {
    graph: isWhole ? graph : buildPictureGraph(everyFrame(request)),
    bFrames,
  });
}

function everyFrame(request: PictureRequest): PictureRequest {
  const { output } = request;
  return { ...request, output: { ...output, video: { ...output.video, repeatsStills: false } } };
}

/** Larger pieces than usual: a picture that stands in many costs more to put together. */
const readBytes = 1024 * 1024;

type Rendering = {
  readonly graph: PictureGraph;
  readonly skipFrames?: SkipFrames;
  readonly bFrames: BFrames;
};

/** Encodes what changes, puts the rest in between as repeated pictures, and writes the clip. */
async function renderGraph(
  tools: FfmpegTools,
  request: RenderPictureRequest,
  { graph, skipFrames, bFrames }: Rendering,
): Promise<void> {
  const streamPath = `${request.outputPath}.264`;
  await encode(tools, request, { graph, streamPath, bFrames });
  request.onEncoded?.();
  const stream = createReadStream(streamPath, { highWaterMark: readBytes });
  const encoded = narrowOrder(readPictures(readUnits(stream)));
  const pictures = skipFrames === undefined ? encoded : repeatStills(encoded, graph.runs, skipFrames);
  const { outputPath: path, output: format } = request;
  const frames = await writeClip(pictures, { path, format }).catch((error: unknown) => {
    throw error instanceof UnfitStreamError ? otherThanPlanned(request, error.message) : error;
  });
  if (frames !== request.picture.frames) {
    throw otherThanPlanned(request, `frames ${frames} instead of ${request.picture.frames}`);
  }
  await rm(streamPath);
}

function otherThanPlanned({ what }: RenderPictureRequest, fault: string): RenderError {
  return new RenderError('SCENE_RENDER_FAILED', `The picture of ${what} is not as planned: ${fault}.`, {
    hint: 'A source may be damaged or shorter than it says; if none is, set REPEAT_STILLS=off on all workers.',
  });
}

async function encode(
  tools: FfmpegTools,
  request: RenderPictureRequest,
  { graph, streamPath, bFrames }: Omit<Rendering, 'skipFrames'> & { readonly streamPath: string },
): Promise<void> {
  const { output, onProgress } = request;
  const command: FfmpegCommand = {
    inputs: graph.inputs,
    output: {
      streams: [graph.stream],
      path: streamPath,
      options: [
        ...['-copyts', '-start_at_zero', '-frames:v', String(graph.encodedFrames)],
        ...['-r', printRate(output.fps)],
        ...encoderOptions(output, bFrames),
        ...keyFrameOptions(graph, output.fps),
        ...streamOptions,
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
