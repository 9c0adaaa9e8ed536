// Finds a program by its name, and what it is behind its links.
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** The path of the file itself, or null where there is none that can be run. */
export async function findProgram(name: string, searchPath = process.env.PATH ?? ''): Promise<string | null> {
  const folders = searchPath.split(delimiter).filter(isAbsolute);
  const candidates = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
  for (const path of candidates) {
    if (await isProgram(path)) return realpath(path);
  }
  return null;
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
