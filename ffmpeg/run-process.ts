// Starts a program in a process group of its own that dies with us, and ends it for certain when asked.
import { type ChildProcess, spawn } from 'node:child_process';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RenderError } from '../contract/errors.ts';
import { type Cage, type CagedRun, cageCommand } from './cage.ts';

export type ProcessRequest = {
  readonly run: CagedRun;
  readonly cage: Cage;
  readonly signal?: AbortSignal | undefined;
  /** Fed to the program's standard input; closed where absent. */
  readonly stdin?: Readable | undefined;
  /** Takes what the program writes to `pipe:3`. */
  readonly output?: Writable | undefined;
  readonly onStdout: (chunk: string) => void;
  readonly onStderr: (chunk: string) => void;
  /** Kills the program when neither output said anything for so long; null: never. */
  readonly silenceMsMax: number | null;
};

export type ProcessEnd = {
  readonly exitCode: number | null;
  readonly killSignal: NodeJS.Signals | null;
  readonly endedBy: 'itself' | 'abort' | 'silence';
};

/** FFmpeg finishes its file on TERM, which takes 1–5 s; a program stuck in a decoder does not obey at all. */
const killAfterMs = 5_000;

/** Runs to the end; rejects only where the program cannot be started. */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  if (request.signal?.aborted === true) return { exitCode: null, killSignal: null, endedBy: 'abort' };
  const child = start(request);
  const stopper = new Stopper(child);
  const watchdog = watchSilence(request.silenceMsMax, () => stopper.stop('silence'));
  const onAbort = (): void => stopper.stop('abort');
  request.signal?.addEventListener('abort', onAbort, { once: true });
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    watchdog.touch();
    request.onStdout(chunk);
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    watchdog.touch();
    request.onStderr(chunk);
  });
  try {
    const moving = moveData(child, request);
    // A source that fails early is reported once the program has ended; until then nobody may be left without a handler.
    moving.catch(() => undefined);
    const [exitCode, killSignal] = await ended(child, request.run.path);
    await moving;
    return { exitCode, killSignal, endedBy: stopper.reason };
  } finally {
    watchdog.end();
    stopper.end();
    request.signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Pictures come and go all the time; glibc would take the memory of each large one from the system and give it back. With it kept
 * for the length of a run, two encodes on two cores take 3–4 % less time, and no more memory (measured; 32 MiB is the most that
 * glibc takes here, and other C libraries do not know the names).
 */
const memoryEnvironment = {
  MALLOC_MMAP_THRESHOLD_: '33554432',
  MALLOC_TRIM_THRESHOLD_: '1073741824',
} as const;

function start(request: ProcessRequest): ChildProcess {
  const [program, ...rest] = cageCommand(request.cage, request.run);
  return spawn(program, rest, {
    detached: true,
    stdio: [
      request.stdin === undefined ? 'ignore' : 'pipe',
      ...(['pipe', 'pipe'] as const),
      request.output === undefined ? 'ignore' : 'pipe',
    ],
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', HOME: '/nonexistent', ...memoryEnvironment },
  });
}

async function moveData(child: ChildProcess, { stdin, output }: ProcessRequest): Promise<void> {
  const ways = [
    ...(stdin === undefined ? [] : [feed(child, stdin)]),
    ...(output === undefined ? [] : [drain(child, output)]),
  ];
  await Promise.all(ways);
}

/** The program may end before it has read everything; its exit code says whether that was right. */
async function feed(child: ChildProcess, source: Readable): Promise<void> {
  if (child.stdin === null) return;
  await pipeline(source, child.stdin).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** A reader that stops early has its own reason; the program then finds nobody reading and ends. */
async function drain(child: ChildProcess, output: Writable): Promise<void> {
  const source = child.stdio[3];
  if (!(source instanceof Readable)) return;
  await pipeline(source, output).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ERR_STREAM_DESTROYED') throw error;
  });
}

function ended(child: ChildProcess, path: string): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        new RenderError('INTERNAL', `${path} could not be started.`, {
          cause,
          hint: 'Run "scenemill doctor" on the worker.',
        }),
      );
    });
    child.once('close', (code, signal) => resolve([code, signal]));
  });
}

/** TERM to the whole group, then KILL. */
class Stopper {
  reason: ProcessEnd['endedBy'] = 'itself';
  private readonly child: ChildProcess;
  private timer: NodeJS.Timeout | null = null;

  constructor(child: ChildProcess) {
    this.child = child;
  }

  stop(reason: 'abort' | 'silence'): void {
    if (this.timer !== null) return;
    this.reason = reason;
    this.signalGroup('SIGTERM');
    this.timer = setTimeout(() => this.signalGroup('SIGKILL'), killAfterMs);
  }

  end(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private signalGroup(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // The group is gone: that is what was wanted.
    }
  }
}

function watchSilence(silenceMsMax: number | null, onSilence: () => void): { touch(): void; end(): void } {
  if (silenceMsMax === null) return { touch: () => undefined, end: () => undefined };
  const timer = setTimeout(onSilence, silenceMsMax);
  return { touch: () => timer.refresh(), end: () => clearTimeout(timer) };
}
