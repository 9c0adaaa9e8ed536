import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { ThreadData } from './drawing-thread.ts';

/** A runaway layout ends here instead of in the worker's own memory. Pixels are not counted: they lie outside the heap. */
const heapMegabytesMax = 512;

/** Starts the thread that draws, from source or from the build, whichever this file is part of. */
export function startDrawingThread(data: ThreadData): Worker {
  const options: WorkerOptions = {
    name: 'drawing',
    workerData: data,
    env: { ...process.env, DISABLE_SYSTEM_FONTS_LOAD: '1' },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  };
  return import.meta.url.endsWith('.ts')
    ? new Worker(sourceLauncher(new URL('./drawing-thread.ts', import.meta.url)), { ...options, eval: true })
    : new Worker(new URL('./drawing-thread.js', import.meta.url), options);
}

/**
 * A thread loads TypeScript only if told how, however its parent does it (tsx, vitest). `--import tsx` does nothing in
 * a thread (measured with tsx 4.23: it registers itself on the main thread only), so its register function is called.
 */
function sourceLauncher(source: URL): string {
  const loader = import.meta.resolve('tsx/esm/api');
  return `import(${JSON.stringify(loader)}).then((tsx) => {
    tsx.register();
    return import(${JSON.stringify(source.href)});
  });`;
}
