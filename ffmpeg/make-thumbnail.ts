// One picture of a clip as JPEG.
import { stat } from 'node:fs/promises';
import { RenderError } from '../contract/errors.ts';
import type { FfmpegTools } from './ffmpeg-command.ts';
import { chain, inputVideo } from './filter-graph.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

export type ThumbnailRequest = {
  readonly clipPath: string;
  /** Must lie before the clip's last frame. */
  readonly atSeconds: number;
  /** Narrower clips keep their width. */
  readonly widthMax: number;
  readonly outputPath: string;
  readonly signal?: AbortSignal | undefined;
};

/** FFmpeg's scale of JPEG quality: 2 is best, 31 worst. */
const quality = 3;

/** Writes the JPEG; the same clip gives the same bytes. Faults: ASSEMBLE_FAILED. */
export async function makeThumbnail(tools: FfmpegTools, request: ThumbnailRequest): Promise<void> {
  const { clipPath, atSeconds, widthMax, outputPath, signal } = request;
  const picture = chain(inputVideo(0), [
    [
      'scale',
      {
        w: `min(iw,${Math.floor(widthMax / 2) * 2})`,
        h: -2,
        flags: 'lanczos+accurate_rnd+full_chroma_int+bitexact',
        out_range: 'pc',
        // JPEG means BT.601 to everything that reads it.
        out_color_matrix: 'bt601',
      },
    ],
    ['format', { pix_fmts: 'yuvj420p' }],
  ]);
  await runFfmpeg(
    tools,
    {
      inputs: [{ path: clipPath, options: ['-ss', atSeconds.toFixed(6), '-f', 'mov'] }],
      output: {
        streams: [picture],
        options: [
          ...['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', String(quality), '-threads', '1'],
          ...['-flags:v', '+bitexact', '-fflags', '+bitexact', '-map_metadata', '-1'],
          ...['-update', '1', '-f', 'image2'],
        ],
        path: outputPath,
      },
    },
    { errorCode: 'ASSEMBLE_FAILED', what: 'the thumbnail', signal },
  );
  const bytes = await stat(outputPath).then(
    (file) => file.size,
    () => 0,
  );
  if (bytes > 0) return;
  throw new RenderError(
    'ASSEMBLE_FAILED',
    `The clip has no picture at ${atSeconds.toFixed(3)} s for a thumbnail.`,
  );
}
