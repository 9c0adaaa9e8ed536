// Renders the sound of one scene to raw samples: 32-bit floats, interleaved stereo, no header, headroom kept.
import { stat } from 'node:fs/promises';
import { RenderError } from '../contract/errors.ts';
import type { OutputSpec, SoundPlan } from '../plan-compiler/render-plan.ts';
import type { FfmpegCommand, FfmpegTools } from './ffmpeg-command.ts';
import { InputList, type LocalAssets } from './picture-inputs.ts';
import type { Progress } from './read-progress.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { layerSound, mixSounds } from './sound-graph.ts';

export type RenderSoundRequest = {
  readonly sound: SoundPlan;
  readonly output: Pick<OutputSpec, 'sampleRate'>;
  /** By content hash. */
  readonly assets: LocalAssets;
  readonly outputPath: string;
  /** For error texts: "scene intro". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
};

/** Two channels of four bytes. */
export const bytesPerSample = 8;

/** Writes exactly `sound.samples` samples. Faults: SCENE_RENDER_FAILED. */
export async function renderSound(
  tools: FfmpegTools,
  request: RenderSoundRequest,
): Promise<{ readonly samples: number; readonly bytes: number }> {
  const { sound, outputPath, what, signal, onProgress } = request;
  await runFfmpeg(tools, soundCommand(request), {
    errorCode: 'SCENE_RENDER_FAILED',
    what: `the sound of ${what}`,
    signal,
    onProgress,
  });
  const { size } = await stat(outputPath);
  if (size !== sound.samples * bytesPerSample) {
    throw new RenderError(
      'SCENE_RENDER_FAILED',
      `The sound of ${what} has ${size / bytesPerSample} samples instead of ${sound.samples}.`,
      { hint: 'A source may change its number of channels on the way; convert it to plain AAC or WAV.' },
    );
  }
  return { samples: sound.samples, bytes: size };
}

/** The command as data. */
function soundCommand(
  request: Pick<RenderSoundRequest, 'sound' | 'output' | 'assets' | 'outputPath'>,
): FfmpegCommand {
  const { sampleRate } = request.output;
  const inputs = new InputList();
  const sources = { assets: request.assets, sampleRate, inputs };
  const layers = request.sound.layers.map((layer) => layerSound(layer, sources));
  return {
    inputs: inputs.inputs,
    output: {
      streams: [mixSounds(layers, request.sound.samples, sampleRate)],
      options: ['-c:a', 'pcm_f32le', '-map_metadata', '-1', '-f', 'f32le'],
      path: request.outputPath,
    },
  };
}
