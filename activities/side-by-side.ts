type Task<Result> = (signal: AbortSignal) => Promise<Result>;

/** Runs tasks at once. The first failure stops the others and is thrown when all have come to rest. */
export async function sideBySide<Results extends readonly unknown[]>(
  signal: AbortSignal,
  ...tasks: { readonly [Index in keyof Results]: Task<Results[Index]> }
): Promise<Results> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const guarded = async (task: Task<unknown>): Promise<unknown> => {
    try {
      return await task(either);
    } catch (error) {
      // Only the first abort has an effect, so the reason stays the first failure.
      failed.abort(error);
      throw error;
    }
  };
  const ends = tasks.map(guarded);
  await Promise.allSettled(ends);
  if (failed.signal.aborted) throw failed.signal.reason;
  // In the order of the tasks.
  return (await Promise.all(ends)) as unknown as Results;
}
