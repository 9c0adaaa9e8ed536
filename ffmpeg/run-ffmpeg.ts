// Runs one FFmpeg command: progress out, faults as RenderError, nothing left running.
import type { Readable, Writable } from 'node:stream';
import { type ErrorCode, RenderError } from '../contract/errors.ts';
import { describeEnd, silenceMsMax } from './describe-end.ts';
import { endRun } from './ended-run.ts';
import { commandArguments, type FfmpegCommand, type FfmpegTools, filesOf } from './ffmpeg-command.ts';
import { type Progress, ProgressReader } from './read-progress.ts';
import { runProcess } from './run-process.ts';
import { Tail } from './tail.ts';

export type RunOptions = {
  /** The error a failure is reported as. */
  readonly errorCode: ErrorCode;
  /** What was being made, for the error's text: "scene intro". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  readonly stdin?: Readable | undefined;
  /** Takes what the command writes to `pipe:3`. */
  readonly output?: Writable | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
};

/** Resolves when FFmpeg ended with 0 and said nothing of a broken trailer. The caller still checks what it made. */
export async function runFfmpeg(
  tools: FfmpegTools,
  command: FfmpegCommand,
  options: RunOptions,
): Promise<void> {
  const tail = new Tail();
  const startMs = Date.now();
  let mediaSeconds = 0;
  const progress = new ProgressReader((now) => {
    mediaSeconds = Math.max(0, now.outTimeUs / 1_000_000);
    options.onProgress?.(now);
  });
  const end = await runProcess({
    run: { path: tools.ffmpegPath, arguments: commandArguments(command, tools), ...filesOf(command) },
    cage: tools.cage,
    signal: options.signal,
    stdin: options.stdin,
    output: options.output,
    onStdout: (chunk) => progress.read(chunk),
    onStderr: (chunk) => tail.add(chunk),
    silenceMsMax,
  });
  tools.onRun?.(endRun({ program: 'ffmpeg', startMs, mediaSeconds }, end));
  options.signal?.throwIfAborted();
  const fault = describeEnd(end, tail.text);
  if (fault === null) return;
  throw new RenderError(fault.code ?? options.errorCode, `FFmpeg ${fault.text} on ${options.what}`, {
    stderrTail: tail.text,
    retryable: fault.isTransient,
    hint: fault.hint,
  });
}
