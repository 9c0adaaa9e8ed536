// Runs FFprobe and hands over its lines one by one, so that an hour of packets never lies in memory.
import { type ErrorCode, RenderError } from '../contract/errors.ts';
import { describeEnd } from './describe-end.ts';
import { endRun } from './ended-run.ts';
import type { FfmpegTools } from './ffmpeg-command.ts';
import { runProcess } from './run-process.ts';
import { Tail } from './tail.ts';

export type FfprobeRequest = {
  readonly arguments: readonly string[];
  /** An absolute path of ours. */
  readonly path: string;
  /** The error a failure is reported as, and what was being read, for its text. */
  readonly errorCode: ErrorCode;
  readonly what: string;
  readonly onLine: (line: string) => void;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** Reading every packet of an hour of 1080p takes 2–4 s; a file that takes this long is broken, or the disk is. */
export const probeTimeoutMs = 60_000;
/** The longest line that FFprobe is believed; our own selections of fields stay under 1 KB. */
const lineCharactersMax = 16_384;

/** Resolves with what FFprobe complained of; the caller judges whether that matters. */
export async function runFfprobe(tools: FfmpegTools, request: FfprobeRequest): Promise<string> {
  const tail = new Tail();
  const lines = new LineReader(request.onLine);
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
  const startMs = Date.now();
  const end = await runProcess({
    run: {
      path: tools.ffprobePath,
      arguments: ['-hide_banner', '-v', 'error', ...request.arguments, '-i', `file:${request.path}`],
      reads: [request.path],
      writes: [],
    },
    cage: tools.cage,
    signal,
    onStdout: (chunk) => lines.read(chunk),
    onStderr: (chunk) => tail.add(chunk),
    silenceMsMax: null,
  });
  tools.onRun?.(endRun({ program: 'ffprobe', startMs, mediaSeconds: 0 }, end));
  request.signal?.throwIfAborted();
  lines.end();
  if (timeout.aborted) {
    throw new RenderError(
      request.errorCode,
      `Reading ${request.what} took longer than ${request.timeoutMs / 1000} s.`,
      { retryable: true, stderrTail: tail.text },
    );
  }
  const fault = end.exitCode === 0 ? null : describeEnd(end, tail.text);
  if (fault === null) return tail.text;
  throw new RenderError(
    fault.code ?? request.errorCode,
    `FFprobe ${fault.text} on reading ${request.what}.`,
    {
      stderrTail: tail.text,
      retryable: fault.isTransient,
      hint: fault.hint,
    },
  );
}

class LineReader {
  private rest = '';
  private readonly onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  read(chunk: string): void {
    const lines = (this.rest + chunk).split('\n');
    this.rest = (lines.pop() ?? '').slice(0, lineCharactersMax);
    for (const line of lines) this.onLine(line);
  }

  end(): void {
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
  }
}
