import type { ScratchDirectory } from '../storage/scratch.ts';

/**
 * Runs the body with a signal that is also aborted, with the quota's error, when the folder grows past its bound; and looks once
 * more when it has ended, since the watch looks by turns.
 */
export async function withScratchWatch<Result>(
  folder: ScratchDirectory,
  signal: AbortSignal,
  body: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const ended = new AbortController();
  const exceeded = new AbortController();
  const watching = folder.watch(ended.signal).catch((error: unknown) => {
    exceeded.abort(error);
  });
  try {
    const result = await body(AbortSignal.any([signal, exceeded.signal]));
    await folder.check();
    return result;
  } finally {
    ended.abort();
    await watching;
  }
}
