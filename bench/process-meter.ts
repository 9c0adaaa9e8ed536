// Processor seconds and memory of process trees, read from /proc: the same yardstick for one FFmpeg and for the whole stack.
import { readdir, readFile } from 'node:fs/promises';

export type Usage = {
  readonly wallSeconds: number;
  /** User and system time of the roots and of all their children. */
  readonly cpuSeconds: number;
  /** The most that FFmpeg processes below the roots held at one moment. */
  readonly peakMemoryBytes: number;
};

const sampleMs = 50;
/** Linux's USER_HZ, the unit of /proc/…/stat. */
const ticksPerSecond = 100;
const pageBytes = 4096;

type Row = {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly ticks: number;
  readonly ticksOfDead: number;
  readonly bytes: number;
};

/** Runs a task while watching the trees below some processes. */
export async function measure<Result>(
  roots: () => readonly number[],
  task: () => Promise<Result>,
): Promise<{ readonly usage: Usage; readonly result: Result }> {
  const before = await treeOf(roots());
  let peak = 0;
  const ended = new AbortController();
  const watching = (async () => {
    while (!ended.signal.aborted) {
      const rows = await treeOf(roots());
      peak = Math.max(peak, memoryOf(rows));
      await new Promise((resolve) => setTimeout(resolve, sampleMs));
    }
  })();
  const begun = performance.now();
  try {
    const result = await task();
    const wallSeconds = (performance.now() - begun) / 1000;
    const after = await treeOf(roots());
    return {
      result,
      usage: { wallSeconds, cpuSeconds: secondsOf(after) - secondsOf(before), peakMemoryBytes: peak },
    };
  } finally {
    ended.abort();
    await watching;
  }
}

function memoryOf(rows: readonly Row[]): number {
  return rows.filter((row) => row.name.startsWith('ffmpeg')).reduce((sum, row) => sum + row.bytes, 0);
}

/** What a living process used, and what its dead children used, which their parent keeps. */
function secondsOf(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.ticks + row.ticksOfDead, 0) / ticksPerSecond;
}

async function treeOf(roots: readonly number[]): Promise<readonly Row[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const rows = (await Promise.all(names.map(readRow))).filter((row) => row !== null);
  const known = new Set(roots);
  // Children have higher numbers than their parents but for a wrap-around, so two passes find all.
  for (let pass = 0; pass < 3; pass += 1) {
    for (const row of rows) if (known.has(row.parent)) known.add(row.pid);
  }
  return rows.filter((row) => known.has(row.pid));
}

async function readRow(pid: string): Promise<Row | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const end = text.lastIndexOf(')');
  const fields = text
    .slice(end + 2)
    .split(' ')
    .map(Number);
  const at = (position: number): number => fields[position] ?? 0;
  const name = text.slice(text.indexOf('(') + 1, end);
  return {
    pid: Number(pid),
    name,
    parent: at(1),
    ticks: at(11) + at(12),
    ticksOfDead: at(13) + at(14),
    bytes: at(21) * pageBytes,
  };
}
