// One run of FFmpeg as data; nothing happens until `runFfmpeg` takes it.
import { RenderError } from '../contract/errors.ts';
import type { Cage } from './cage.ts';
import type { RunObserver } from './ended-run.ts';
import type { Stream } from './filter-graph.ts';
import { printGraph } from './print-graph.ts';

/** The programs, found and checked before the first run. */
export type FfmpegTools = {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  readonly cage: Cage;
  /** Threads of each filter graph of a run: the run's share of the machine's cores. What is made does not depend on it. */
  readonly filterThreads?: number | undefined;
  /** Told of every run when it is over. */
  readonly onRun?: RunObserver | undefined;
};

export type FfmpegInput = {
  /** What stands before -i. */
  readonly options: readonly string[];
  /** An absolute path of ours, or "pipe:0". */
  readonly path: string;
};

type FfmpegOutput = {
  /** Streams of the graph to map; empty where `options` maps inputs directly. */
  readonly streams: readonly Stream[];
  readonly options: readonly string[];
  /** An absolute path of ours, or "pipe:3". */
  readonly path: string;
};

export type FfmpegCommand = {
  readonly inputs: readonly FfmpegInput[];
  readonly output: FfmpegOutput;
};

/** A single argument may be 128 KiB on Linux; a graph near that is a fault of the plan's bounds. */
const graphBytesMax = 120_000;

/** The encoder needs the cores; and of some formats FFmpeg would start a thread, with its buffers, for every core there is. */
const decoderThreads = ['-threads', '1'] as const;
/** Where nobody says how many cores there are for a run. */
const filterThreadsDefault = 2;

/** The argument array. The graph is an argument: FFmpeg 5.1 and 9 have no spelling for a graph file in common. */
export function commandArguments(
  command: FfmpegCommand,
  { filterThreads = filterThreadsDefault }: Pick<FfmpegTools, 'filterThreads'> = {},
): readonly string[] {
  const filters = String(filterThreads);
  const graph = printGraph(command.output.streams);
  if (Buffer.byteLength(graph.text) > graphBytesMax) {
    throw new RenderError('SCENE_RENDER_FAILED', 'The scene needs a filter graph larger than FFmpeg takes.', {
      hint: 'Use fewer layers, or fewer repetitions of short loops, in this scene.',
    });
  }
  return [
    ...['-hide_banner', '-nostdin', '-y', '-loglevel', 'level+warning', '-nostats'],
    ...['-progress', 'pipe:1', '-stats_period', '0.25'],
    ...['-filter_threads', filters, '-filter_complex_threads', filters],
    ...command.inputs.flatMap((input) => [...decoderThreads, ...input.options, '-i', fileUrl(input.path)]),
    ...(graph.text === '' ? [] : ['-filter_complex', graph.text]),
    ...graph.labels.flatMap((label) => ['-map', label]),
    ...command.output.options,
    fileUrl(command.output.path),
  ];
}

/** The files a command names, for the cage; what a list of clips names lies in the folder it writes into. */
export function filesOf({ inputs, output }: FfmpegCommand): {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
} {
  const isFile = (path: string): boolean => !path.startsWith('pipe:');
  return {
    reads: inputs.map((input) => input.path).filter(isFile),
    writes: [output.path].filter(isFile),
  };
}

/** "file:" keeps FFmpeg from reading a path as a protocol. */
function fileUrl(path: string): string {
  return path === 'pipe:0' || path === 'pipe:3' ? path : `file:${path}`;
}
