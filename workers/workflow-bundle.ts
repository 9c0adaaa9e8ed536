// The workflows' code as one file, bundled once for each version of it: bundling costs 2–3 s and 100 MB of memory.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

/** Everything that workflow code is made of. */
const sourceFolders = ['../workflows/', '../contract/'];

/** Path of the bundle in `folder`, made where it is missing. Safe when several workers start at once. */
export async function provideWorkflowBundle(folder: string): Promise<string> {
  const path = join(folder, `workflows-${await sourceHash()}.js`);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) return path;
  await mkdir(folder, { recursive: true });
  const { code } = await bundleWorkflowCode({ workflowsPath: await workflowsEntry(), logger: silentLogger });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, code);
  await rename(temporary, path);
  return path;
}

/** TypeScript in the repository, JavaScript in a build. */
async function workflowsEntry(): Promise<string> {
  const folder = fileURLToPath(new URL('../workflows/', import.meta.url));
  const names = await readdir(folder);
  return join(folder, names.includes('index.ts') ? 'index.ts' : 'index.js');
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of sourceFolders) {
    const path = fileURLToPath(new URL(folder, import.meta.url));
    for (const name of (await readdir(path)).sort()) {
      if (/\.(ts|js)$/.test(name)) hash.update(name).update(await readFile(join(path, name)));
    }
  }
  const manifest = await readFile(fileURLToPath(import.meta.resolve('@temporalio/workflow/package.json')));
  return hash.update(manifest).digest('hex').slice(0, 16);
}

const silentLogger = {
  log: () => undefined,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
