// Finds util-linux's setpriv, which ties FFmpeg's life to the worker's.
import { findProgram } from './find-program.ts';
import { readOutput } from './read-output.ts';

/** Its path, or null where there is none that can do it: Busybox has a setpriv without --pdeathsig. */
export async function findSetpriv(searchPath?: string): Promise<string | null> {
  const path = await findProgram('setpriv', searchPath);
  if (path === null) return null;
  const printed = await readOutput({ path, arguments: ['--pdeathsig', 'KILL', '--', path, '--version'] });
  return printed.isSuccess && printed.text.includes('util-linux') ? path : null;
}
