type Task<Result> = (signal: AbortSignal) => Promise<Result>;

/** Runs two tasks at once. The first failure stops the other and is thrown when both have come to rest. */
export async function sideBySide<First, Second>(
  signal: AbortSignal,
  ...[first, second]: readonly [Task<First>, Task<Second>]
): Promise<[First, Second]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const guarded = async <Result>(task: Task<Result>): Promise<Result> => {
    try {
      return await task(either);
    } catch (error) {
      // Only the first abort has an effect, so the reason stays the first failure.
      failed.abort(error);
      throw error;
    }
  };
  const ends = [guarded(first), guarded(second)] as const;
  await Promise.allSettled(ends);
  if (failed.signal.aborted) throw failed.signal.reason;
  return Promise.all(ends);
}
