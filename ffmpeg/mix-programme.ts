// The film's whole sound: all scenes in a row, the tracks that lie over them, and the one AAC encode there is.
import { stat } from 'node:fs/promises';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import type { OutputSpec, ProgrammePlan } from '../plan-compiler/render-plan.ts';
import { checkSound } from './check-sound.ts';
import type { FfmpegCommand, FfmpegTools } from './ffmpeg-command.ts';
import { chain, inputAudio, type Stream } from './filter-graph.ts';
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
  const { outputPath, signal, sceneSounds, programme } = request;
  if (programme.tracks.length === 0) await encode(tools, request, { sound: sceneSounds, signal });
  else await mixAndEncode(tools, request);
  await checkSound(tools, { path: outputPath, totalSamples: programme.totalSamples, signal });
  const { size } = await stat(outputPath);
  return { samples: programme.totalSamples, bytes: size };
}

/**
 * Two processes, one mixing while the other encodes, which alone takes three quarters of the time: FFmpeg 5 and 6 do one
 * after the other on one core (measured over 50 s of sound: 1.35 s, and 1.1 s by two).
 */
async function mixAndEncode(tools: FfmpegTools, request: MixRequest): Promise<void> {
  const sound = new PassThrough({ highWaterMark: bufferBytes });
  const failed = new AbortController();
  const signals = request.signal === undefined ? [] : [request.signal];
  const signal = AbortSignal.any([failed.signal, ...signals]);
  const guarded = (run: Promise<void>): Promise<void> =>
    run.catch((error: unknown) => {
      // Only the first abort has an effect, so the reason stays the first failure.
      failed.abort(error);
      throw error;
    });
  const runs = [
    guarded(mix(tools, request, { sound, signal })),
    guarded(encode(tools, request, { sound, signal })),
  ];
  await Promise.allSettled(runs);
  request.signal?.throwIfAborted();
  failed.signal.throwIfAborted();
}

/** Of sound on its way from one process to the other; one of them may be ahead by so much. */
const bufferBytes = 1024 * 1024;

type Flow<Sound> = { readonly sound: Sound; readonly signal: AbortSignal | undefined };

function mix(tools: FfmpegTools, request: MixRequest, { sound, signal }: Flow<Writable>): Promise<void> {
  return runFfmpeg(tools, mixCommand(request), {
    errorCode: 'ASSEMBLE_FAILED',
    what: "mixing the film's sound",
    stdin: request.sceneSounds,
    output: sound,
    signal,
  });
}

function encode(tools: FfmpegTools, request: MixRequest, { sound, signal }: Flow<Readable>): Promise<void> {
  return runFfmpeg(tools, encodeCommand(request), {
    errorCode: 'ASSEMBLE_FAILED',
    what: "the film's sound",
    stdin: sound,
    onProgress: request.onProgress,
    signal,
  });
}

/** All scenes in a row with the tracks over them, from raw samples to raw samples. */
function mixCommand({ output, programme, assets }: MixRequest): FfmpegCommand {
  const { sampleRate } = output;
  const inputs = new InputList();
  const scenes = rawSound(inputs, sampleRate);
  const sources = { assets, sampleRate, inputs };
  const tracks = programme.tracks.map((track) => layerSound(track, sources));
  return {
    inputs: inputs.inputs,
    output: {
      streams: [mixSounds([scenes, ...tracks], programme.totalSamples, sampleRate)],
      options: ['-c:a', 'pcm_f32le', '-flush_packets', '0', '-f', 'f32le'],
      path: 'pipe:3',
    },
  };
}

function encodeCommand({ output, programme, outputPath }: MixRequest): FfmpegCommand {
  const { sampleRate, audio } = output;
  const inputs = new InputList();
  const sound = rawSound(inputs, sampleRate);
  return {
    inputs: inputs.inputs,
    output: {
      streams: [mixSounds([sound], programme.totalSamples, sampleRate)],
      options: [
        ...['-c:a', 'aac', '-b:a', String(audio.bitsPerSecond), '-flags:a', '+bitexact'],
        ...['-fflags', '+bitexact', '-map_metadata', '-1', '-map_chapters', '-1'],
        // The edit list that hides the encoder's first 1024 samples counts in these units: samples, so it is exact.
        ...['-movie_timescale', String(sampleRate), '-f', 'mp4'],
      ],
      path: outputPath,
    },
  };
}

/** What comes in at standard input. */
function rawSound(inputs: InputList, sampleRate: number): Stream<'audio'> {
  const input = inputs.add({
    path: 'pipe:0',
    options: ['-f', 'f32le', '-ar', String(sampleRate), '-ac', '2', '-guess_layout_max', '2'],
  });
  return chain(inputAudio(input), [
    ['aformat', { sample_fmts: 'fltp', sample_rates: sampleRate, channel_layouts: 'stereo' }],
  ]);
}
