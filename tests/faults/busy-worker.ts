import { readdir, readFile } from 'node:fs/promises';
import { type MediaWorker, mediaWorkers, type World } from './world.ts';

/** The worker below which the misbehaving encoder's copy of sleep runs. */
export async function busyWorker(world: World): Promise<MediaWorker> {
  for (const pid of await processes()) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.startsWith(`${world.home}/faults/sleep`)) return workerAbove(world, pid);
  }
  throw new Error('No worker is encoding.');
}

/** The worker that a process belongs to. */
export async function workerAbove({ stack }: World, process: number): Promise<MediaWorker> {
  const names = new Map(stack.children.map((child) => [child.pid, child.name]));
  for (let pid = process; pid > 1; pid = await parentOf(pid)) {
    const name = mediaWorkers.find((worker) => worker === names.get(pid));
    if (name !== undefined) return name;
  }
  throw new Error(`Process ${process} belongs to no worker.`);
}

async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]);
}

async function processes(): Promise<readonly number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}
