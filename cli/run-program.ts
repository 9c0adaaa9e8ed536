import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '../contract/errors.ts';
import { ApiError } from './api-error.ts';
import { CliFailure, type ExitCode, exitCodes } from './cli-failure.ts';
import type { Terminal } from './terminal.ts';

/** Whether Node was started with this module, and not merely imports it. */
export function isEntryPoint(moduleUrl: string): boolean {
  const started = process.argv[1];
  if (started === undefined) return false;
  try {
    return realpathSync(started) === fileURLToPath(moduleUrl);
  } catch {
    return false;
  }
}

/** Runs a command; whatever is thrown is told to the person and becomes an exit code. */
export async function exitCodeOf(terminal: Terminal, run: () => Promise<void>): Promise<ExitCode> {
  try {
    await run();
    return exitCodes.ok;
  } catch (error) {
    const failure = toFailure(error);
    terminal.fail(failure);
    return failure.exitCode;
  }
}

function toFailure(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  if (error instanceof ApiError) {
    // The server speaks of headers, which is not how a key is given here.
    const text = error.code === 'UNAUTHORIZED' ? unknownKey : error.message;
    return new CliFailure(error.code, text, { lines: error.details, cause: error });
  }
  return new CliFailure('INTERNAL', errorMessage(error), { cause: error });
}

const unknownKey =
  'The server does not know the API key. Give another with --api-key or SCENEMILL_API_KEY; the key of a dev stack is for that stack only.';
