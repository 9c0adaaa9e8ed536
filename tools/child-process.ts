// Starts a program that must not outlive us: own process group, a log, a bounded stop, death together with its parent.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, renameSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ask, findOnPath, isExecutableFile } from './find-program.ts';

/** Between SIGTERM and SIGKILL. */
export const stopGraceMs = 10_000;
const tailLinesMax = 40;
const lineCharactersMax = 2_000;
const lastLinesMsMax = 500;

export type ChildOptions = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment; nothing is inherited beside it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Another account to run as; only root can choose one. */
  readonly account?: { readonly uid: number; readonly gid: number };
  readonly stopSignal?: NodeJS.Signals;
  /** Everything the child writes; the log of the run before is kept beside it as `….previous`. */
  readonly logFile?: string;
  readonly onLine?: (line: string) => void;
};

export type ChildExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type Child = {
  readonly pid: number;
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** The last lines it wrote, for an error message. */
  tail(): string;
  /** A signal to the process alone, as a test or an operator would send it. */
  kill(signal: NodeJS.Signals): void;
  /** The stop signal, after the grace SIGKILL, and SIGKILL to whatever is left of its group. Resolves when it is gone. */
  stop(graceMs?: number): Promise<ChildExit>;
};

/** Rejects where the program cannot be started at all; an early exit afterwards is seen in `exited`. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const path = options.file.includes('/') ? options.file : findOnPath(options.file, options.environment.PATH);
  // Checked here, because `setpriv` before it would start well and only then end with code 127.
  if (path === null || !isExecutableFile(path))
    throw new Error(`${options.file} is not a program that can be run.`);
  const [file, args] = await dyingWithUs(path, options.args);
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...options.environment },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...options.account,
  });
  const exited = exitOf(child);
  const tail = keepOutput([child.stdout, child.stderr], options);
  const pid = await pidOf(child, options.file);
  const killWithUs = (): void => signalTo(-pid, 'SIGKILL');
  process.once('exit', killWithUs);
  void exited.then(() => process.removeListener('exit', killWithUs));
  return {
    pid,
    exited,
    tail: () => tail.join('\n'),
    kill: (signal) => signalTo(pid, signal),
    stop: (graceMs = stopGraceMs) =>
      stopGroup(pid, exited, { graceMs, signal: options.stopSignal ?? 'SIGTERM' }),
  };
}

/** Says in one line how a process ended. */
export function describeExit(exit: ChildExit): string {
  return exit.signal === null ? `ended with code ${exit.code ?? 'unknown'}` : `was ended by ${exit.signal}`;
}

/** Whether a process of that id exists (also one that belongs to somebody else). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** `setpriv` replaces itself by the program, so the id stays the same; without it a `kill -9` of us leaves orphans. */
async function dyingWithUs(file: string, args: readonly string[]): Promise<[string, string[]]> {
  const setpriv = await findSetpriv();
  if (setpriv === null) return [file, [...args]];
  return [setpriv, ['--pdeathsig', 'KILL', '--', file, ...args]];
}

let setprivSearch: Promise<string | null> | null = null;

/** Asked once; BusyBox has a `setpriv` that does not know `--pdeathsig`. */
export function findSetpriv(): Promise<string | null> {
  setprivSearch ??= (async () => {
    const path = process.platform === 'linux' ? findOnPath('setpriv') : null;
    if (path === null) return null;
    const answer = await ask(path, ['--pdeathsig', 'KILL', '--', 'true']);
    return answer.code === 0 ? path : null;
  })();
  return setprivSearch;
}

/** Waits a moment for the last lines, but not for a grandchild that holds the pipe open. */
function exitOf(child: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const exit = { code, signal };
      const timer = setTimeout(() => resolve(exit), lastLinesMsMax);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(exit);
      });
    });
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}

async function pidOf(child: ChildProcess, file: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new Error(`${file} cannot be started: ${error.message}`, { cause: error })),
    );
  });
  if (child.pid === undefined) throw new Error(`${file} was started but has no process id.`);
  return child.pid;
}

function keepOutput(streams: readonly Readable[], options: ChildOptions): readonly string[] {
  const tail: string[] = [];
  const log = options.logFile === undefined ? null : openLog(options.logFile);
  let open = streams.length;
  for (const stream of streams) {
    const lines = createInterface({ input: stream, crlfDelay: Infinity });
    lines.on('line', (line) => {
      const text = line.slice(0, lineCharactersMax);
      tail.push(text);
      if (tail.length > tailLinesMax) tail.shift();
      log?.write(`${text}\n`);
      options.onLine?.(text);
    });
    lines.once('close', () => {
      open -= 1;
      if (open === 0) log?.end();
    });
  }
  return tail;
}

function openLog(path: string): WriteStream {
  if (existsSync(path)) renameSync(path, `${path}.previous`);
  const log = createWriteStream(path, { flags: 'a', mode: 0o600 });
  // A full disk must not end the program that writes the log; the lines still reach `onLine`.
  log.on('error', () => undefined);
  return log;
}

async function stopGroup(
  pid: number,
  exited: Promise<ChildExit>,
  how: { readonly graceMs: number; readonly signal: NodeJS.Signals },
): Promise<ChildExit> {
  signalTo(pid, how.graceMs > 0 ? how.signal : 'SIGKILL');
  const timer = setTimeout(() => signalTo(pid, 'SIGKILL'), how.graceMs);
  const exit = await exited;
  clearTimeout(timer);
  signalTo(-pid, 'SIGKILL');
  return exit;
}

function signalTo(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended already, which is what the signal was for.
  }
}
