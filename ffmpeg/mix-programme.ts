// The film's whole sound: all scenes in a row, the tracks that lie over them, and the one AAC encode there is.
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { OutputSpec, ProgrammePlan } from '../plan-compiler/render-plan.ts';
import { checkSound } from './check-sound.ts';
import type { FfmpegCommand, FfmpegTools } from './ffmpeg-command.ts';
import { chain, inputAudio } from './filter-graph.ts';
import { InputList, type LocalAssets } from './picture-inputs.ts';
import type { Progress } from './read-progress.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { layerSound, mixSounds } from './sound-graph.ts';

export type MixRequest = {
  readonly programme: Pick<ProgrammePlan, 'totalSamples' | 'tracks'>;
  readonly output: Pick<OutputSpec, 'sampleRate' | 'audio'>;
  /** Raw samples of all scenes, made by `sceneBus`. */
  readonly sceneSounds: Readable;
  readonly assets: LocalAssets;
  /** An .m4a of ours. */
  readonly outputPath: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
};

/** Writes an .m4a of `programme.totalSamples` samples, read back and decoded. Faults: ASSEMBLE_FAILED. */
export async function mixProgramme(
  tools: FfmpegTools,
  request: MixRequest,
): Promise<{ readonly samples: number; readonly bytes: number }> {
  const { outputPath, signal, onProgress, sceneSounds, programme } = request;
  await runFfmpeg(tools, mixCommand(request), {
    errorCode: 'ASSEMBLE_FAILED',
    what: "the film's sound",
    stdin: sceneSounds,
    signal,
    onProgress,
  });
  await checkSound(tools, { path: outputPath, totalSamples: programme.totalSamples, signal });
  const { size } = await stat(outputPath);
  return { samples: programme.totalSamples, bytes: size };
}

/** The command as data. */
function mixCommand(
  request: Pick<MixRequest, 'programme' | 'output' | 'assets' | 'outputPath'>,
): FfmpegCommand {
  const { sampleRate, audio } = request.output;
  const inputs = new InputList();
  const rate = String(sampleRate);
  const bus = inputs.add({
    path: 'pipe:0',
    options: ['-f', 'f32le', '-ar', rate, '-ac', '2', '-guess_layout_max', '2'],
  });
  const sources = { assets: request.assets, sampleRate, inputs };
  const scenes = chain(inputAudio(bus), [
    ['aformat', { sample_fmts: 'fltp', sample_rates: sampleRate, channel_layouts: 'stereo' }],
  ]);
  const tracks = request.programme.tracks.map((track) => layerSound(track, sources));
  return {
    inputs: inputs.inputs,
    output: {
      streams: [mixSounds([scenes, ...tracks], request.programme.totalSamples, sampleRate)],
      options: [
        ...['-c:a', 'aac', '-b:a', String(audio.bitsPerSecond), '-flags:a', '+bitexact'],
        ...['-fflags', '+bitexact', '-map_metadata', '-1', '-map_chapters', '-1'],
        // The edit list that hides the encoder's first 1024 samples counts in these units: samples, so it is exact.
        ...['-movie_timescale', rate, '-f', 'mp4'],
      ],
      path: request.outputPath,
    },
  };
}
