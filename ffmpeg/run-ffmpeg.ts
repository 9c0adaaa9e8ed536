// Runs one FFmpeg command: progress out, faults as RenderError, nothing left running.
import type { Readable } from 'node:stream';
import { type ErrorCode, RenderError } from '../contract/errors.ts';
import { commandArguments, type FfmpegCommand, type FfmpegTools, filesOf } from './ffmpeg-command.ts';
import { type Progress, ProgressReader } from './read-progress.ts';
import { type ProcessEnd, runProcess } from './run-process.ts';
import { Tail } from './tail.ts';

export type RunOptions = {
  /** The error a failure is reported as. */
  readonly errorCode: ErrorCode;
  /** What was being made, for the error's text: "scene intro". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  readonly stdin?: Readable | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
};

/** A stalled input or filter writes no progress block at all; a working one writes four a second. */
const silenceMsMax = 60_000;

/** Resolves when FFmpeg ended with 0 and said nothing of a broken trailer. The caller still checks what it made. */
export async function runFfmpeg(
  tools: FfmpegTools,
  command: FfmpegCommand,
  options: RunOptions,
): Promise<void> {
  const tail = new Tail();
  const progress = new ProgressReader(options.onProgress ?? (() => undefined));
  const end = await runProcess({
    run: { path: tools.ffmpegPath, arguments: commandArguments(command), ...filesOf(command) },
    cage: tools.cage,
    signal: options.signal,
    stdin: options.stdin,
    onStdout: (chunk) => progress.read(chunk),
    onStderr: (chunk) => tail.add(chunk),
    silenceMsMax,
  });
  options.signal?.throwIfAborted();
  const fault = describeEnd(end, tail.text);
  if (fault === null) return;
  throw new RenderError(options.errorCode, `FFmpeg ${fault.text} on ${options.what}`, {
    stderrTail: tail.text,
    retryable: fault.isTransient,
    hint: fault.hint,
  });
}

type Fault = { readonly text: string; readonly isTransient: boolean; readonly hint: string };

/** Exit code 0 with a failed trailer is a fault too: a disk that filled up at the very end (measured on 5.1). */
function describeEnd(end: ProcessEnd, stderr: string): Fault | null {
  if (end.endedBy === 'silence') {
    return {
      text: `said nothing for ${silenceMsMax / 1000} s and was stopped`,
      isTransient: true,
      hint: 'The source may be damaged, or the machine overloaded.',
    };
  }
  if (end.killSignal !== null) {
    return {
      text: `was ended by ${end.killSignal}`,
      isTransient: true,
      hint: 'Look for a lack of memory on the worker.',
    };
  }
  if (/No space left on device/.test(stderr)) {
    return {
      text: 'found no space left on the scratch disk',
      isTransient: true,
      hint: 'Free space in RENDER_SCRATCH_DIR.',
    };
  }
  if (end.exitCode !== 0) {
    return {
      text: `exited with code ${end.exitCode ?? 'unknown'}`,
      isTransient: false,
      hint: 'The last lines it wrote say why.',
    };
  }
  if (/Error writing trailer/.test(stderr)) {
    return {
      text: 'could not finish its file',
      isTransient: true,
      hint: 'Free space in RENDER_SCRATCH_DIR.',
    };
  }
  return null;
}
