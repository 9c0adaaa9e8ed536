// A real disk of a few megabytes, to be filled up to the last byte.
import { execFile } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export type SmallDisk = {
  readonly path: string;
  /** Writes until so many bytes are left. */
  fill(leftBytes: number): Promise<void>;
  /** Takes away what `fill` has written. */
  relieve(): Promise<void>;
  unmount(): Promise<void>;
};

/** What fills the disk: nothing that a worker has left there. */
export const ballastName = 'ballast';

const chunkBytes = 1_048_576;

/** Rejects, with what the system says, where we may not mount: a case that needs a full disk must then fail. */
export async function mountSmallDisk(path: string, megabytes: number): Promise<SmallDisk> {
  await mkdir(path, { recursive: true });
  await asRoot(['mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'tmpfs', path]);
  const ballast = join(path, ballastName);
  return {
    path,
    fill: async (leftBytes) => {
      const file = await open(ballast, 'w');
      try {
        for (let room = await roomOn(path); room > leftBytes; room = await roomOn(path))
          await file.write(Buffer.alloc(Math.min(chunkBytes, room - leftBytes)));
      } finally {
        await file.close();
      }
    },
    relieve: () => rm(ballast, { force: true }),
    unmount: () => asRoot(['umount', path]),
  };
}

async function roomOn(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** As ourselves, else by sudo where it asks for no password. */
async function asRoot([program = '', ...args]: readonly string[]): Promise<void> {
  const run = promisify(execFile);
  try {
    await run(program, args);
  } catch (error) {
    if (process.getuid?.() === 0) throw error;
    await run('sudo', ['-n', program, ...args]);
  }
}
