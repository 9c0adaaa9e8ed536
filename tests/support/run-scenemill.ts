// The command as a process, in a folder of its own, against the server that a test answers for.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { FakeApi } from './fake-server.ts';

const program = join(import.meta.dirname, '../../cli/bin.js');
const endMsMax = 20_000;

/** 130 and the like are our own; a signal that ended the process is told by its name. */
export type End = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Running = {
  readonly ended: Promise<End>;
  /** What it has said on stderr up to now. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
};

export function startScenemill(api: FakeApi, folder: string, commandLine: readonly string[]): Running {
  const environment = { PATH: process.env['PATH'], SCENEMILL_API_URL: api.url, SCENEMILL_API_KEY: 'sm_key' };
  const child = spawn(process.execPath, [program, ...commandLine], {
    cwd: folder,
    env: environment,
    timeout: endMsMax,
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
  return { ended, said: () => texts.stderr, kill: (signal) => void child.kill(signal) };
}
