// Renders a film's clips a few at a time: as one task ends the next starts; the first that fails for good stops the others.
import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';

/** One activity, and the tasks that can only be known once it has ended. */
export type Task = () => Promise<readonly Task[]>;

export type Window = {
  /** In the order they are to start: what the programme's sound needs. One lane does these first, the others last. */
  readonly sounds: readonly Task[];
  /** In the order they are to start. */
  readonly pictures: readonly Task[];
  /** Tasks at a time, of both kinds together. */
  readonly concurrency: number;
};

export type WindowEnd = 'all-done' | 'history-full';

/** Rejects with the first failure, once every lane has come to rest. */
export async function renderWindow({ concurrency, ...window }: Window): Promise<WindowEnd> {
  const sounds = [...window.sounds];
  const pictures = [...window.pictures];
  let failure: { readonly error: unknown } | null = null;
  await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const lane = async (first: Task[], then: Task[]): Promise<void> => {
      // A long film goes on in a new run before its history grows too large.
      while (!workflowInfo().continueAsNewSuggested) {
        const task = first.shift() ?? then.shift();
        if (task === undefined) return;
        // What follows from a sound is done by the lane that ended it, before anything else.
        sounds.unshift(...(await task()));
      }
    };
    const guarded = async (_: unknown, index: number): Promise<void> => {
      try {
        await (index === 0 ? lane(sounds, pictures) : lane(pictures, sounds));
      } catch (error) {
        if (failure === null || isCancellation(failure.error)) failure = { error };
        scope.cancel();
      }
    };
    await Promise.all(Array.from({ length: concurrency }, guarded));
  });
  rethrow(failure);
  return sounds.length + pictures.length === 0 ? 'all-done' : 'history-full';
}

function rethrow(failure: { readonly error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}
