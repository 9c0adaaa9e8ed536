// The workflows' code as one file, bundled once for each version of it: bundling costs 2–3 s.
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleName } from './workflow-code.ts';

/** Where `npm run build` leaves the bundle. */
const builtFolder = fileURLToPath(new URL('../workflow-bundles/', import.meta.url));
const bundlingMsMax = 120_000;

/** Path of the bundle: the build's own, else one in `folder`, made where it is missing. Safe when several workers start at once. */
export async function provideWorkflowBundle(folder: string): Promise<string> {
  const name = await bundleName();
  for (const path of [join(builtFolder, name), join(folder, name)]) {
    if (await isThere(path)) return path;
  }
  await bundleInto(folder);
  return join(folder, name);
}

/** In a process of its own, so that the bundler's memory is not the worker's. */
async function bundleInto(folder: string): Promise<void> {
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(isSource ? './bundle-workflows.ts' : './bundle-workflows.js', import.meta.url);
  const loader = isSource ? ['--import', import.meta.resolve('tsx')] : [];
  await promisify(execFile)(process.execPath, [...loader, fileURLToPath(program), folder], {
    timeout: bundlingMsMax,
  });
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
