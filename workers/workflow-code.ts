import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Everything that workflow code is made of. */
const sourceFolders = ['../workflows/', '../contract/'];

/** A file of the workflows' room: TypeScript in the repository, JavaScript in a build. "index" is its door. */
export async function workflowFile(name: string): Promise<string> {
  const folder = fileURLToPath(new URL('../workflows/', import.meta.url));
  const names = await readdir(folder);
  return join(folder, names.includes(`${name}.ts`) ? `${name}.ts` : `${name}.js`);
}

/** The file name of the bundle of this very code: another version of it has another name. */
export async function bundleName(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of sourceFolders) {
    const path = fileURLToPath(new URL(folder, import.meta.url));
    for (const name of (await readdir(path)).sort()) {
      if (/\.(ts|js)$/.test(name)) hash.update(name).update(await readFile(join(path, name)));
    }
  }
  const manifest = await readFile(fileURLToPath(import.meta.resolve('@temporalio/workflow/package.json')));
  return `workflows-${hash.update(manifest).digest('hex').slice(0, 16)}.js`;
}
