// Starts a program that must not outlive us: own process group, a log, a bounded stop, death together with its parent.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, renameSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ask, findOnPath } from './find-program.ts';

/** Between SIGTERM and SIGKILL. */
export const stopGraceMs = 10_000;
const tailLinesMax = 40;
const lineCharactersMax = 2_000;

export type ChildPlan = {
  /** Stands before each line that goes to `onLine`. */
  readonly name: string;
  readonly program: string;
  readonly options: readonly string[];
  /** The whole environment of the child; ours where not given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  /** Everything the child writes; the log of the run before is kept beside it as `….previous`. */
  readonly logFile?: string | null;
  readonly onLine?: (line: string) => void;
};

export type ChildExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type Child = {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** The last lines it wrote. */
  tail(): readonly string[];
  /** A signal to the process alone, as a test or an operator would send it. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, after the grace SIGKILL, and SIGKILL to whatever is left of its group. Resolves when it is gone. */
  stop(graceMs?: number): Promise<void>;
};

/** Rejects where the program cannot be started at all; an early exit afterwards is seen in `exited`. */
export async function startChild(plan: ChildPlan): Promise<Child> {
  const [program, options] = await dyingWithUs(plan.program, plan.options);
  const child = spawn(program, options, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(plan.environment === undefined ? {} : { env: plan.environment }),
    ...(plan.folder === undefined ? {} : { cwd: plan.folder }),
  });
  const exited = exitOf(child);
  const pid = await pidOf(child, plan);
  const tail = keepOutput([child.stdout, child.stderr], plan);
  return {
    name: plan.name,
    pid,
    exited,
    tail: () => [...tail],
    kill: (signal) => signalTo(pid, signal),
    stop: (graceMs = stopGraceMs) => stopGroup(pid, exited, graceMs),
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

/** `setpriv --pdeathsig` replaces itself by the program, so the id stays the same; without it a `kill -9` of us leaves orphans. */
async function dyingWithUs(program: string, options: readonly string[]): Promise<[string, string[]]> {
  const setpriv = await findSetpriv();
  if (setpriv === null) return [program, [...options]];
  return [setpriv, ['--pdeathsig', 'KILL', '--', program, ...options]];
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

function exitOf(child: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}

function pidOf(child: ChildProcess, plan: ChildPlan): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', (error) =>
      reject(
        new Error(`${plan.name}: ${plan.program} cannot be started: ${error.message}`, { cause: error }),
      ),
    );
  });
}

function keepOutput(streams: readonly Readable[], plan: ChildPlan): readonly string[] {
  const tail: string[] = [];
  const log = openLog(plan.logFile ?? null);
  let open = streams.length;
  for (const stream of streams) {
    const lines = createInterface({ input: stream, crlfDelay: Infinity });
    lines.on('line', (line) => {
      const text = line.slice(0, lineCharactersMax);
      tail.push(text);
      if (tail.length > tailLinesMax) tail.shift();
      log?.write(`${text}\n`);
      plan.onLine?.(`[${plan.name}] ${text}`);
    });
    lines.once('close', () => {
      open -= 1;
      if (open === 0) log?.end();
    });
  }
  return tail;
}

function openLog(path: string | null): WriteStream | null {
  if (path === null) return null;
  if (existsSync(path)) renameSync(path, `${path}.previous`);
  const log = createWriteStream(path, { flags: 'a', mode: 0o600 });
  // A full disk must not end the program that writes the log; the lines still reach `onLine`.
  log.on('error', () => undefined);
  return log;
}

async function stopGroup(pid: number, exited: Promise<ChildExit>, graceMs: number): Promise<void> {
  signalTo(pid, graceMs > 0 ? 'SIGTERM' : 'SIGKILL');
  const timer = setTimeout(() => signalTo(pid, 'SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
  signalTo(-pid, 'SIGKILL');
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it is gone already, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
