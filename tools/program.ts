import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a program ended. */
export type ProgramExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type Program = {
  readonly pid: number;
  readonly exited: Promise<ProgramExit>;
  /** The last lines it wrote, for an error message. */
  tail(): string;
  /** Asks it to end, then kills it; resolves when it is gone. */
  stop(): Promise<ProgramExit>;
};

export type ProgramOptions = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Another account to run as; only root can choose one. */
  readonly account?: { readonly uid: number; readonly gid: number };
  readonly stopSignal?: NodeJS.Signals;
  readonly onLine?: (line: string) => void;
};

export type ReadyOptions = {
  readonly name: string;
  readonly isReady: () => boolean | Promise<boolean>;
  readonly timeoutMs: number;
};

const POLL_MS = 50;
const STOP_GRACE_MS = 10_000;
const TAIL_LINES_MAX = 20;

/** Starts a server that we look after: own process group (so Ctrl-C reaches us first), its lines, an end that is certain. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  const child = spawn(options.file, [...options.args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...options.environment },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...options.account,
  });
  const exited = new Promise<ProgramExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const tail = followLines([child.stdout, child.stderr], options.onLine);
  const pid = await started(child, options.file);
  const endWithUs = (): void => signalGroup(pid, stopSignal);
  process.once('exit', endWithUs);
  void exited.then(() => process.removeListener('exit', endWithUs));
  return { pid, exited, tail: () => tail.join('\n'), stop: () => stopProgram(pid, exited, stopSignal) };
}

/** Waits for a server to answer; one that ends first or is late is stopped and named with its last lines. */
export async function waitUntilReady(program: Program, options: ReadyOptions): Promise<void> {
  const state: { hasEnded: boolean } = { hasEnded: false };
  void program.exited.then(() => (state.hasEnded = true));
  const deadline = Date.now() + options.timeoutMs;
  while (!(await options.isReady())) {
    if (state.hasEnded) throw new Error(`${options.name} ended before it was ready:\n${program.tail()}`);
    if (Date.now() > deadline) {
      await program.stop();
      const seconds = options.timeoutMs / 1000;
      throw new Error(`${options.name} was not ready after ${seconds} s:\n${program.tail()}`);
    }
    await sleep(POLL_MS);
  }
}

/** Is there a process of this id? One of another account counts. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function followLines(streams: readonly Readable[], onLine: ((line: string) => void) | undefined): string[] {
  const tail: string[] = [];
  for (const stream of streams) {
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES_MAX) tail.shift();
      onLine?.(line);
    });
  }
  return tail;
}

async function started(child: ChildProcess, file: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${file} could not be started: ${error.message}`)));
  });
  if (child.pid === undefined) throw new Error(`${file} was started but has no process id.`);
  return child.pid;
}

async function stopProgram(
  pid: number,
  exited: Promise<ProgramExit>,
  stopSignal: NodeJS.Signals,
): Promise<ProgramExit> {
  const kill = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_GRACE_MS);
  signalOne(pid, stopSignal);
  const exit = await exited;
  clearTimeout(kill);
  return exit;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  signalOne(-pid, signal);
}

function signalOne(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended already, which is what the signal was for.
  }
}
