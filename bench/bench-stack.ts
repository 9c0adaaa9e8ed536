// The stack under test: built, and the workers' two roles as two processes, as on a server, so that each one's memory is seen.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Stack, startStack } from '../tools/stack.ts';
import type { MeteredProcesses } from './process-meter.ts';

export type BenchStackOptions = {
  /** FFmpeg activities at once; 0: one for each core. */
  readonly concurrency: number;
  readonly environment?: Readonly<Record<string, string>>;
};

const repository = fileURLToPath(new URL('../', import.meta.url));
const built = (room: 'api' | 'workers'): string => `${repository}dist/${room}/main.js`;

/** What `startBenchStack` starts. Rejects with what the compiler says. */
export async function buildPrograms(): Promise<void> {
  await promisify(execFile)('npm', ['run', 'build'], { cwd: repository });
}

export function startBenchStack({ concurrency, environment = {} }: BenchStackOptions): Promise<Stack> {
  return startStack({
    isDisposable: true,
    ports: { api: 0, temporal: 0, temporalUi: 0, postgres: 0 },
    workers: { processes: 2, concurrency, roles: ['control', 'media'] },
    environment,
    entries: { api: built('api'), worker: built('workers') },
  });
}

export function meteredProcesses({ children }: Pick<Stack, 'children'>): MeteredProcesses {
  const pidOf = (name: string): number => {
    const child = children.find((candidate) => candidate.name === name);
    if (child === undefined) throw new Error(`The stack has no process "${name}".`);
    return child.pid;
  };
  const watched = { api: pidOf('api'), control: pidOf('worker-1'), media: pidOf('worker-2') };
  return {
    all: children.map(({ pid }) => pid),
    starters: [watched.control, watched.media],
    watched,
  };
}
