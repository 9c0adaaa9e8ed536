// Wall time, processor time and memory of a program or of a job on the stack, by one yardstick for both.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessRow, readBelow, readMemory, readRow, readTrees } from './process-tree.ts';

export type Usage = {
  readonly wallSeconds: number;
  /** User and system time of all processes: of the stack for a job, servers included. */
  readonly cpuSeconds: number;
  /** The share of it that FFmpeg and ffprobe (or the program measured) used. */
  readonly mediaCpuSeconds: number;
  /** The most that all FFmpeg processes (or the program's) held at one moment, shared pages counted once. */
  readonly peakMemoryBytes: number;
};

export type Program = {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
};

/** What a job is measured on. */
export type MeteredProcesses = {
  /** Every process of the stack. */
  readonly all: readonly number[];
  /** Those that start FFmpeg. */
  readonly starters: readonly number[];
  /** Processes whose own memory is watched, by name. */
  readonly watched: Readonly<Record<string, number>>;
};

export type MeteredJob<Result> = {
  readonly usage: Usage;
  readonly result: Result;
  /** The most that each watched process held. */
  readonly residentPeaks: Readonly<Record<string, number>>;
};

const sampleMs = 100;
const stderrCharsMax = 4_000;

/** Runs a program to its end; throws where it fails. */
export async function measureProgram({ file, args, environment = {} }: Program): Promise<Usage> {
  const before = await secondsOfOwnEnded();
  const begun = performance.now();
  const child = spawn(file, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    stderr = `${stderr}${data.toString()}`.slice(-stderrCharsMax);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  let peak = 0;
  const sampling = sampleUntil(ended, async () => {
    if (child.pid !== undefined) peak = Math.max(peak, await readMemory(await readTrees([child.pid])));
  });
  const code = await ended;
  const wallSeconds = (performance.now() - begun) / 1000;
  await sampling;
  if (code !== 0) throw new Error(`${file} ended with ${code ?? 'a signal'}: ${stderr}`);
  const cpuSeconds = (await secondsOfOwnEnded()) - before;
  return { wallSeconds, cpuSeconds, mediaCpuSeconds: cpuSeconds, peakMemoryBytes: peak };
}

/** Runs a task that the stack's processes work for. */
export async function measureJob<Result>(
  processes: MeteredProcesses,
  task: () => Promise<Result>,
): Promise<MeteredJob<Result>> {
  const before = await readCpu(processes);
  const residentPeaks: Record<string, number> = {};
  let peak = 0;
  const begun = performance.now();
  const running = task();
  const sampling = sampleUntil(running, async () => {
    peak = Math.max(peak, await readMemory(await readBelow(processes.starters)));
    for (const [name, bytes] of Object.entries(await readResident(processes.watched))) {
      residentPeaks[name] = Math.max(residentPeaks[name] ?? 0, bytes);
    }
  });
  const result = await running;
  const wallSeconds = (performance.now() - begun) / 1000;
  await sampling;
  const after = await readCpu(processes);
  const usage = {
    wallSeconds,
    cpuSeconds: after.all - before.all,
    mediaCpuSeconds: after.media - before.media,
    peakMemoryBytes: peak,
  };
  return { usage, result, residentPeaks };
}

/** What processes hold now, by name. */
export async function readResident(
  processes: Readonly<Record<string, number>>,
): Promise<Readonly<Record<string, number>>> {
  const rows = Object.entries(processes).map(async ([name, pid]) => {
    const row = await readRow(pid);
    return [name, row?.residentBytes ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}

async function sampleUntil(ended: Promise<unknown>, sample: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  void ended.then(
    () => over.abort(),
    () => over.abort(),
  );
  while (!over.signal.aborted) {
    await sample();
    await sleep(sampleMs, undefined, { signal: over.signal }).catch(() => undefined);
  }
}

async function readCpu(
  processes: MeteredProcesses,
): Promise<{ readonly all: number; readonly media: number }> {
  const all = secondsOf(await readTrees(processes.all));
  const starters = await Promise.all(processes.starters.map(readRow));
  const ended = starters.reduce((sum, row) => sum + (row?.secondsOfEnded ?? 0), 0);
  return { all, media: ended + secondsOf(await readBelow(processes.starters)) };
}

/** A living process and what its ended children used, which their parent keeps. */
function secondsOf(rows: readonly ProcessRow[]): number {
  return rows.reduce((sum, row) => sum + row.seconds + row.secondsOfEnded, 0);
}

async function secondsOfOwnEnded(): Promise<number> {
  return (await readRow(process.pid))?.secondsOfEnded ?? 0;
}
