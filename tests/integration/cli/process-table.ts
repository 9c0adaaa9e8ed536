// What the processes of a test are and where they listen, as the kernel tells it.
import { readdir, readFile, readlink } from 'node:fs/promises';

/** Command lines of all processes but our own whose command line or environment holds the text. */
export async function processesNaming(text: string): Promise<readonly { pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || name === String(process.pid)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    // A process that has ended and was not asked for its end yet has neither.
    if (`${command}${environment}`.includes(text)) {
      found.push({ pid: Number(name), command: command.replaceAll('\0', ' ') });
    }
  }
  return found;
}

/** The processes below one, with those below them. */
export async function processesBelow(parent: number): Promise<readonly { pid: number; command: string }[]> {
  const all = (
    await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readProcess))
  ).flat();
  const below = new Set([parent]);
  for (let before = 0; before < below.size; ) {
    before = below.size;
    for (const { pid, parentPid } of all) if (below.has(parentPid)) below.add(pid);
  }
  return all.filter(({ pid }) => pid !== parent && below.has(pid));
}

/** Which of them are there yet, under the same command line; one that only waits to be asked for its end has none any more. */
export async function stillRunning(
  processes: readonly { pid: number; command: string }[],
): Promise<readonly string[]> {
  const now = (await Promise.all(processes.map(({ pid }) => readProcess(String(pid))))).flat();
  return now
    .filter(
      ({ pid, command }) =>
        command !== '' && processes.some((one) => one.pid === pid && one.command === command),
    )
    .map(({ pid, command }) => `${pid} ${command}`);
}

async function readProcess(
  name: string,
): Promise<readonly { pid: number; parentPid: number; command: string }[]> {
  const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
  const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
  if (stat === null) return [];
  // The name in parentheses may hold spaces; what follows it does not.
  const parentPid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return [{ pid: Number(name), parentPid, command: command.replaceAll('\0', ' ') }];
}

/** Addresses, in the kernel's hexadecimal, on which a process listens. */
export async function listeningAt(pid: number): Promise<readonly string[]> {
  const inodes = new Set(await socketInodes(pid));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')),
  );
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode = '']) => state === listening && inodes.has(inode))
    .map(([, local = '']) => local.split(':')[0] ?? '');
}

const listening = '0A';
/** 127.0.0.1, also as an address of version 6, and ::1. */
export const loopbackAddresses: readonly string[] = [
  '0100007F',
  '0000000000000000FFFF00000100007F',
  '00000000000000000000000001000000',
];

async function socketInodes(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const inodes: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${name}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.push(inode);
  }
  return inodes;
}
