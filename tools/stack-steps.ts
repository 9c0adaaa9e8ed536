// Runs the steps of a start: each is announced, and the first that fails ends the others.
import { errorMessage } from '../contract/errors.ts';
import type { StackStart } from './stack-options.ts';
import { type PartPlan, startPart } from './stack-part.ts';

/** Announces a step; `work` may say how far it is, and gives its result with the detail for its end. */
export async function runStep<Result>(
  start: StackStart,
  name: string,
  work: (say: (detail: string) => void) => Promise<readonly [result: Result, detail: string]>,
): Promise<Result> {
  const tell = start.options.onStep ?? (() => undefined);
  tell(name, 'started', '');
  try {
    start.signal.throwIfAborted();
    const [result, detail] = await work((line) => tell(name, 'progress', line));
    tell(name, 'done', detail);
    return result;
  } catch (error) {
    tell(name, 'failed', errorMessage(error));
    throw error;
  }
}

/** Starts a process of the stack, which from then on belongs to it. */
export async function addPart(start: StackStart, plan: Omit<PartPlan, 'onEnd'>): Promise<void> {
  const onEnd = start.options.onEnd ?? (() => undefined);
  start.parts.push(await startPart({ ...plan, onEnd }));
}

/**
 * Runs steps side by side. After a failure the rest are told to end, and all of them are waited for:
 * a server that comes up late must still be known to whoever stops everything.
 */
export async function sideBySide<Results extends readonly unknown[]>(
  steps: { readonly [Index in keyof Results]: () => Promise<Results[Index]> },
  abort: (reason: unknown) => void,
): Promise<Results> {
  const running = steps.map(async (step) => {
    try {
      return await step();
    } catch (error) {
      abort(error);
      throw error;
    }
  });
  await Promise.allSettled(running);
  // Each entry has the type of its step; `map` over a tuple forgets it.
  return (await Promise.all(running)) as unknown as Results;
}
