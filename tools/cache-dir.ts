import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for what is built or downloaded once and used by every checkout on this machine. */
export function cacheDir(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { SCENEMILL_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  if (own !== undefined && own !== '') return own;
  if (shared !== undefined && shared !== '') return join(shared, 'scenemill');
  return join(homedir(), '.cache', 'scenemill');
}
