// The command as a process, in a folder and with settings of its own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../cli/bin.js');
const endMsMax = 20_000;

export type Surroundings = {
  readonly folder?: string;
  /** Beside PATH. */
  readonly environment: NodeJS.ProcessEnv;
  /** Then it is ended; 20,000 where it is not said, null for a command that runs until it is told to end. */
  readonly timeoutMs?: number | null;
};

/** 130 and the like are our own; a signal that ended the process is told by its name. */
export type End = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Running = {
  readonly ended: Promise<End>;
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** What it has answered on stdout up to now. */
  answered(): string;
  /** What it has said on stderr up to now. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
};

export function startScenemill(
  { folder, environment, timeoutMs = endMsMax }: Surroundings,
  commandLine: readonly string[],
): Running {
  const child = spawn(process.execPath, [program, ...commandLine], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    timeout: timeoutMs ?? undefined,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString('utf8');
    });
  const ended = new Promise<End>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return {
    ended,
    pid: child.pid,
    answered: () => texts.stdout,
    said: () => texts.stderr,
    kill: (signal) => void child.kill(signal),
  };
}
