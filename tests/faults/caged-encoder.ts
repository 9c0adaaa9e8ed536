// An FFmpeg that misbehaves inside the sandbox, where it sees no folder of orders: its order stands in the program itself.
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type CagedEncoder = {
  readonly path: string;
  /** Every run whose arguments hold the text does not obey TERM, and waits before it begins, if it ever does. */
  hold(match: string, seconds: number): Promise<void>;
  /** From the next run on it is the real one. */
  clear(): Promise<void>;
  /** The process that waits now; null where none does. */
  waiting(): Promise<number | null>;
};

/** The real one must be below /usr, which is what a run sees beside its own files. */
export async function makeCagedEncoder(folder: string, realPath: string): Promise<CagedEncoder> {
  if (!realPath.startsWith('/usr/')) throw new Error(`${realPath} cannot be seen in the sandbox.`);
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'ffmpeg');
  /** Such a fraction of a second tells our sleepers from all others. */
  const mark = `0${process.pid}7`;
  const write = async (order: string): Promise<void> => {
    // Put in its place whole: a run that begins now reads the one or the other.
    await writeFile(`${path}.new`, `#!/bin/sh\n${order}exec ${realPath} "$@"\n`);
    await chmod(`${path}.new`, 0o755);
    await rename(`${path}.new`, path);
  };
  await write('');
  return {
    path,
    hold: (match, seconds) =>
      write(`case "$* " in *"${match} "*) trap '' TERM; sleep ${seconds}.${mark};; esac\n`),
    clear: () => write(''),
    waiting: () => sleeper(mark),
  };
}

async function sleeper(mark: string): Promise<number | null> {
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (command.startsWith('sleep\0') && command.includes(`.${mark}`)) return Number(name);
  }
  return null;
}
