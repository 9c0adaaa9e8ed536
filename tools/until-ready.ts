import { errorMessage } from '../contract/errors.ts';
import { type Child, describeExit } from './child-process.ts';
import { waitUntil } from './wait-until.ts';

export type Readiness = {
  readonly name: string;
  readonly isReady: () => boolean | Promise<boolean>;
  readonly timeoutMs: number;
  /** Gives up; the server is stopped. */
  readonly signal?: AbortSignal;
};

/** Waits until a server answers; one that ends first or is late is stopped and named with its last lines. */
export async function untilReady(child: Child, readiness: Readiness): Promise<void> {
  const ended = new AbortController();
  void child.exited.then((exit) => ended.abort(new Error(`${readiness.name} ${describeExit(exit)}`)));
  const signals = readiness.signal === undefined ? [ended.signal] : [ended.signal, readiness.signal];
  const wait = { what: readiness.name, timeoutMs: readiness.timeoutMs, signal: AbortSignal.any(signals) };
  try {
    await waitUntil(async () => {
      if (!(await readiness.isReady())) throw new Error('it does not answer');
    }, wait);
  } catch (error) {
    await child.stop();
    throw new Error(`${errorMessage(error)}\n${child.tail()}`, { cause: error });
  }
}
