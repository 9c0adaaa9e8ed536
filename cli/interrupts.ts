import { exitCodes } from './cli-failure.ts';

export type Interrupts = {
  /** Aborts at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Resolves then. */
  readonly first: Promise<void>;
  /** Hands the signals back to Node. */
  readonly release: () => void;
};

/** The first Ctrl-C asks for an orderly end, the second ends at once: what we started dies with us. */
export function watchInterrupts(): Interrupts {
  const controller = new AbortController();
  const first = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new Error('interrupted'));
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
