// Looks programs up and asks them for their version; everything is bounded and nothing goes through a shell.
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const answerMsMax = 20_000;
const answerBytesMax = 4_000_000;

export type Answer = {
  /** Null where the program could not be started, was killed or took too long. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** The first executable file of that name on PATH, or null. */
export function findOnPath(name: string, path: string | undefined = process.env.PATH): string | null {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  for (const folder of (path ?? '').split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, name + suffix);
    if (isExecutableFile(candidate)) return candidate;
  }
  return null;
}

export function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Runs a program that answers at once, for example with its version. Never throws: a program that cannot run answers with code null. */
export function ask(
  program: string,
  options: readonly string[],
  timeoutMs: number = answerMsMax,
): Promise<Answer> {
  return new Promise((resolve) => {
    const bounds = { timeout: timeoutMs, maxBuffer: answerBytesMax, killSignal: 'SIGKILL' } as const;
    execFile(program, [...options], bounds, (error, stdout, stderr) => {
      const failed = typeof error?.code === 'number' ? error.code : null;
      resolve({ code: error === null ? 0 : failed, stdout, stderr });
    });
  });
}
