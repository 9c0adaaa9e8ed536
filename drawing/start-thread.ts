import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ThreadData } from './drawing-thread.ts';

/** A runaway layout ends here instead of in the worker's own memory. Pixels are not counted: they lie outside the heap. */
const heapMegabytesMax = 512;

/** Starts the thread that draws, from source or from the build, whichever this file is part of. */
export function startDrawingThread(data: ThreadData): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  return new Worker(new URL(`./drawing-thread.${isSource ? 'ts' : 'js'}`, import.meta.url), {
    name: 'drawing',
    workerData: data,
    env: { ...process.env, DISABLE_SYSTEM_FONTS_LOAD: '1' },
    // A thread loads TypeScript only if told how, however its parent does it (tsx, vitest).
    execArgv: isSource ? ['--import', typeScriptLoader()] : [],
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  });
}

function typeScriptLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
