// Reads a scene's clip back with FFprobe: another reader's word on what `writeClip` wrote.
import { RenderError } from '../../contract/errors.ts';
import type { FfmpegTools } from '../../ffmpeg/ffmpeg-command.ts';
import { differs, formatFaults, readTrack } from '../../ffmpeg/picture-track.ts';
import type { OutputSpec } from '../../plan-compiler/render-plan.ts';

export type VerifyClipRequest = {
  readonly path: string;
  readonly frames: number;
  readonly output: OutputSpec;
  /** For error texts: "scene intro". */
  readonly what?: string;
  readonly signal?: AbortSignal | undefined;
};

/** Throws SCENE_RENDER_FAILED with all that differs from the plan. */
export async function verifyClip(tools: FfmpegTools, request: VerifyClipRequest): Promise<void> {
  const { path, frames, output, signal } = request;
  const what = `the clip of ${request.what ?? 'a scene'}`;
  const track = await readTrack(tools, {
    path,
    what,
    signal,
    errorCode: 'SCENE_RENDER_FAILED',
    fps: output.fps,
  });
  const faults = [
    ...formatFaults(track.video, output),
    ...differs('frames', track.frames, frames),
    ...(track.firstFrameOffGrid === null ? [] : [`frame ${track.firstFrameOffGrid} at a wrong time`]),
    ...differs('streams', track.streamCount, 1),
  ];
  if (faults.length === 0) return;
  throw new RenderError('SCENE_RENDER_FAILED', `${what} is not as planned: ${faults.join(', ')}.`, {
    hint: 'A source may be damaged or shorter than it says.',
  });
}
