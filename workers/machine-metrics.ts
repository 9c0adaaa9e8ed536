// What a worker costs its machine, looked up when Prometheus asks.
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Scratch } from '../storage/scratch.ts';

export function watchMachine(registry: Registry, scratch: Pick<Scratch, 'root' | 'usedBytes'>): void {
  const registers = [registry];
  new Gauge({
    name: 'scenemill_scratch_used_bytes',
    help: "What lies in this worker's scratch folders.",
    registers,
    async collect() {
      this.set(await scratch.usedBytes());
    },
  });
  new Gauge({
    name: 'scenemill_scratch_free_bytes',
    help: 'What is free on the disk of the scratch folders.',
    registers,
    async collect() {
      const { bavail, bsize } = await statfs(scratch.root);
      this.set(bavail * bsize);
    },
  });
  const before = childCpuSeconds() ?? 0;
  let counted = 0;
  new Counter({
    name: 'scenemill_ffmpeg_cpu_seconds_total',
    help: 'Processor time of the programs that this worker has run, counted as each ends.',
    registers,
    collect() {
      const now = (childCpuSeconds() ?? before) - before;
      this.inc(Math.max(0, now - counted));
      counted = Math.max(counted, now);
    },
  });
}

/** The kernel's unit of the times in /proc. */
const TICKS_PER_SECOND = 100;

/** Of all children that have ended, theirs included; null where there is no /proc. Node has no call for it. */
function childCpuSeconds(): number | null {
  try {
    const text = readFileSync('/proc/self/stat', 'latin1');
    // The second field, the program's name in parentheses, may hold spaces; these are fields 16 and 17 of proc(5).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}
