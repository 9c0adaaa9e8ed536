import { readdir, readFile } from 'node:fs/promises';

export type RunningProcess = { readonly pid: number; readonly name: string };

/** Every process below those named, as the kernel knows them now. */
export async function descendants(roots: readonly number[]): Promise<readonly RunningProcess[]> {
  const children = new Map<number, RunningProcess[]>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    // The name in parentheses may hold spaces; what follows it does not.
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === undefined || state === 'Z') continue;
    const siblings = children.get(Number(parent)) ?? [];
    siblings.push({ pid: Number(entry), name });
    children.set(Number(parent), siblings);
  }
  const found: RunningProcess[] = [];
  const look = (pid: number): void => {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      look(child.pid);
    }
  };
  for (const root of roots) look(root);
  return found;
}
