import { readdir, readFile } from 'node:fs/promises';
import { mediaWorkers, type World } from './world.ts';

/** The worker below which the misbehaving encoder's copy of sleep runs. */
export async function busyWorker({ home, stack }: World): Promise<(typeof mediaWorkers)[number]> {
  const parents = new Map<number, number>();
  let sleeper = 0;
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]));
    if (command.startsWith(`${home}/faults/sleep`)) sleeper = Number(name);
  }
  const names = new Map(stack.children.map((child) => [child.pid, child.name]));
  for (let pid = sleeper; pid > 1; pid = parents.get(pid) ?? 0) {
    const name = mediaWorkers.find((worker) => worker === names.get(pid));
    if (name !== undefined) return name;
  }
  throw new Error('No worker is encoding.');
}
