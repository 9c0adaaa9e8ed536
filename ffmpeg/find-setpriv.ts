// Finds util-linux's setpriv, which ties FFmpeg's life to the worker's.
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { readOutput } from './read-output.ts';

/** Its path, or null where there is none that can do it: Busybox has a setpriv without --pdeathsig. */
export async function findSetpriv(searchPath = process.env.PATH ?? ''): Promise<string | null> {
  for (const folder of searchPath.split(delimiter).filter((entry) => entry.startsWith('/'))) {
    const path = join(folder, 'setpriv');
    if ((await isProgram(path)) && (await tiesLives(path))) return path;
  }
  return null;
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function tiesLives(path: string): Promise<boolean> {
  const printed = await readOutput({ path, arguments: ['--pdeathsig', 'KILL', '--', path, '--version'] });
  return printed.isSuccess && printed.text.includes('util-linux');
}
