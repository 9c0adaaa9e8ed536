// How a process of ours begins: told to stop meanwhile it ends at once, and a start that fails says why in one line.
import { errorMessage, RenderError } from '../contract/errors.ts';
import { createLog } from './log.ts';

export type StartUp = {
  /** From here on the process itself answers signals. */
  readonly end: () => void;
  /** Ends the process with code 1. */
  readonly fail: (error: unknown) => never;
};

const stopSignals = ['SIGTERM', 'SIGINT'] as const;

/** To be called first. Until the end of the start-up a signal ends the process with code 0: nothing was begun. */
export function beginStartUp(name: 'api' | 'worker'): StartUp {
  const stop = (): never => process.exit(0);
  for (const signal of stopSignals) process.once(signal, stop);
  return {
    end: () => {
      for (const signal of stopSignals) process.off(signal, stop);
    },
    fail: (error) => {
      const log = createLog({ LOG_LEVEL: 'error', name });
      const isOurs = error instanceof RenderError;
      // Of what we have words for, places in the program tell an operator nothing.
      log.fatal(isOurs ? { code: error.code, hint: error.hint } : { err: error }, errorMessage(error));
      process.exit(1);
    },
  };
}
