// Renders scenes a few at a time: as one ends the next starts; the first that fails for good stops the others.
import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';

export type Window = {
  /** In the order they are to start. */
  readonly indices: readonly number[];
  readonly concurrency: number;
  readonly render: (index: number) => Promise<void>;
};

export type WindowEnd = 'all-rendered' | 'history-full';

/** Rejects with the first failure, once every lane has come to rest. */
export async function renderWindow(window: Window): Promise<WindowEnd> {
  const queue = [...window.indices];
  let failure: { readonly error: unknown } | null = null;
  await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const lane = async (): Promise<void> => {
      // A long film goes on in a new run before its history grows too large.
      while (queue.length > 0 && !workflowInfo().continueAsNewSuggested) {
        const index = queue.shift();
        if (index !== undefined) await window.render(index);
      }
    };
    const guarded = async (): Promise<void> => {
      try {
        await lane();
      } catch (error) {
        if (failure === null || isCancellation(failure.error)) failure = { error };
        scope.cancel();
      }
    };
    await Promise.all(Array.from({ length: window.concurrency }, guarded));
  });
  rethrow(failure);
  return queue.length === 0 ? 'all-rendered' : 'history-full';
}

function rethrow(failure: { readonly error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}
