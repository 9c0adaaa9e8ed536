// A program: bundles the workflows' code into a folder. By itself, since the bundler leaves 60–110 MB in its process.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bundleName, workflowFile } from './workflow-code.ts';

const silentLogger = {
  log: () => undefined,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('Name the folder that the bundle is to be written to.');
const { code } = await bundleWorkflowCode({
  workflowsPath: await workflowFile('index'),
  workflowInterceptorModules: [await workflowFile('interceptors')],
  logger: silentLogger,
});
await mkdir(folder, { recursive: true });
const path = join(folder, await bundleName());
// Several workers may start at once: the file appears whole.
const temporary = `${path}.${process.pid}`;
await writeFile(temporary, code);
await rename(temporary, path);
