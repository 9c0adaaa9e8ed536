// Reads /proc: what processes and the trees below them have used, at the price of a few small files for each process of ours.
import { readFile } from 'node:fs/promises';

export type ProcessRow = {
  readonly pid: number;
  readonly name: string;
  /** User and system time of the process itself, and of its children that ended and were waited for. */
  readonly seconds: number;
  readonly secondsOfEnded: number;
  readonly residentBytes: number;
};

/** Linux's USER_HZ, the unit of /proc/…/stat. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** The processes named and all below them that live now. */
export async function readTrees(roots: readonly number[]): Promise<readonly ProcessRow[]> {
  const trees = await Promise.all(roots.map(readTree));
  return trees.flat();
}

/** What lives below the processes named, without them. */
export async function readBelow(roots: readonly number[]): Promise<readonly ProcessRow[]> {
  const rows = await readTrees(roots);
  return rows.filter(({ pid }) => !roots.includes(pid));
}

export async function readRow(pid: number): Promise<ProcessRow | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return text === null ? null : parseRow(text);
}

/** A line of /proc/…/stat; the name stands in brackets and may hold any character. */
export function parseRow(text: string): ProcessRow {
  const end = text.lastIndexOf(')');
  const fields = text
    .slice(end + 2)
    .split(' ')
    .map(Number);
  const at = (position: number): number => fields[position] ?? 0;
  return {
    pid: Number.parseInt(text, 10),
    name: text.slice(text.indexOf('(') + 1, end),
    seconds: (at(11) + at(12)) / ticksPerSecond,
    secondsOfEnded: (at(13) + at(14)) / ticksPerSecond,
    residentBytes: at(21) * pageBytes,
  };
}

/**
 * What processes hold together: each one's proportional set size, in which a page that several share (FFmpeg's libraries, the
 * memory of a process that is just being started) counts once in all. 0 for a process that has ended.
 */
export async function readMemory(rows: readonly ProcessRow[]): Promise<number> {
  const sizes = await Promise.all(
    rows.map(async ({ pid }) => {
      const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      return proportionalBytes(text);
    }),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

export function proportionalBytes(rollup: string): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  return kilobytes === undefined ? 0 : Number(kilobytes) * 1024;
}

async function readTree(pid: number): Promise<readonly ProcessRow[]> {
  const [row, children] = await Promise.all([readRow(pid), childrenOf(pid)]);
  const below = await readTrees(children);
  return row === null ? below : [row, ...below];
}

/** Node, Python and shells start their children from the main thread, whose list is the only one read. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim() === '' ? [] : text.trim().split(' ').map(Number);
}
