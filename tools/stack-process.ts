// Starts one of our own processes, from source or from the build, and waits until it answers.
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startChild } from './child-process.ts';
import type { Environment } from './stack-environment.ts';
import type { StackStart } from './stack-options.ts';
import type { RunningPart } from './stack-part.ts';
import { addPart, runStep } from './stack-steps.ts';
import { untilReady } from './until-ready.ts';

/** On a busy machine the first start compiles everything. */
const readyMsMax = 90_000;
const answerMsMax = 2_000;
/**
 * What the image and docker-compose.yml give to our processes, too. Node lets short-lived objects fill 48 MB before it looks
 * at them; with 6 MB each process is 40–60 MB smaller and compiling, the work with most garbage, is not slower (measured).
 */
const memoryFlags = ['--max-semi-space-size=2'];
/**
 * The C library keeps freed memory in a pool for each thread, and once a large piece was freed, ever larger ones. With two
 * pools and large pieces given back at once the workers are 20–40 MB smaller (measured). FFmpeg does not inherit it.
 */
const memoryEnvironment = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

export type ProcessPlan = {
  readonly name: string;
  /** The file that Node runs. */
  readonly entry: string;
  readonly environment: Environment;
  /** Answers 200 when the process is ready. */
  readonly readyUrl: string;
};

export function startProcess(start: StackStart, plan: ProcessPlan): Promise<void> {
  return runStep(start, plan.name, async () => {
    await addPart(start, { name: plan.name, start: () => launch(start, plan) });
    return [undefined, `see ${join(start.home.logs, plan.name)}.log`];
  });
}

/** The entry of a room, beside which we lie in the source as well as in the build. */
export function ownEntry(room: 'api' | 'workers'): string {
  return fileURLToPath(new URL(`../${room}/main${extname(import.meta.url)}`, import.meta.url));
}

async function launch(start: StackStart, plan: ProcessPlan): Promise<RunningPart> {
  start.signal.throwIfAborted();
  const child = await startChild({
    file: process.execPath,
    args: [...memoryFlags, ...loaderFor(plan.entry), plan.entry],
    environment: { ...memoryEnvironment, ...plan.environment },
    logFile: join(start.home.logs, `${plan.name}.log`),
  });
  await untilReady(child, {
    name: plan.name,
    isReady: () => answers(plan.readyUrl),
    timeoutMs: readyMsMax,
    signal: start.signal,
  });
  return child;
}

/**
 * Looked up from here, because the child may be started in a folder that has no tsx; by `require`, because test runners that
 * load us do not all have `import.meta.resolve`.
 */
function loaderFor(entry: string): readonly string[] {
  if (extname(entry) !== '.ts') return [];
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) });
  if (response.ok) return true;
  const text = (await response.text()).slice(0, 300);
  throw new Error(`${url} answers ${response.status}: ${text}`);
}
