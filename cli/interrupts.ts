import { exitCodes } from './cli-failure.ts';

export type Interrupts = {
  /** Aborts at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Resolves then. */
  readonly first: Promise<void>;
  /** Hands the signals back to Node. */
  readonly release: () => void;
};

/**
 * One Ctrl-C comes up to three times: from the terminal, from npm and from the loader of TypeScript, which both hand it on. What
 * comes within a second of the first is the same one; a person who presses again is slower, or presses once more.
 */
const sameInterruptMsMax = 1_000;

/** The first Ctrl-C asks for an orderly end, the second ends at once: what we started dies with us. */
export function watchInterrupts(clock: () => number = () => performance.now()): Interrupts {
  const controller = new AbortController();
  const first = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  let firstMs = 0;
  const onSignal = (): void => {
    if (!controller.signal.aborted) {
      firstMs = clock();
      controller.abort(new Error('interrupted'));
    } else if (clock() - firstMs > sameInterruptMsMax) process.exit(exitCodes.interrupted);
  };
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    first,
    release: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
