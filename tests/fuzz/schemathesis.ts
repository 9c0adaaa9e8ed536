// Schemathesis in a Python environment of its own below the cache folder: made once, and then used by every run.
import { spawn } from 'node:child_process';
import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '../../tools/cache-dir.ts';

const VERSION = '4.32.5';
const INSTALL_MS_MAX = 10 * 60_000;

/** The path of the program. Needs Python 3.10 or newer with `venv`, and on the first run a package index. */
export async function findSchemathesis(say: (line: string) => void): Promise<string> {
  const folder = join(cacheDir(), `schemathesis-${VERSION}`);
  const program = join(folder, 'bin', 'schemathesis');
  if (await isThere(join(folder, 'complete'))) return program;
  say(`installing schemathesis ${VERSION} below ${folder}`);
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder], { msMax: INSTALL_MS_MAX });
  const python = join(folder, 'bin', 'python');
  await run(python, ['-m', 'pip', 'install', '--quiet', `schemathesis==${VERSION}`], {
    msMax: INSTALL_MS_MAX,
  });
  await run(python, ['-c', 'import sys; open(sys.argv[1], "x").close()', join(folder, 'installed')], {
    msMax: INSTALL_MS_MAX,
  });
  // Half an installation is never taken for a whole one.
  await rename(join(folder, 'installed'), join(folder, 'complete'));
  return program;
}

/** Runs a program in the foreground; throws where it fails or does not end. */
async function run(
  program: string,
  args: readonly string[],
  options: { readonly msMax: number; readonly cwd?: string },
): Promise<void> {
  const code = await exitCode(program, args, options);
  if (code !== 0) throw new Error(`${program} ended with ${code ?? 'a signal'}.`);
}

/** Null where a signal ended it. */
export function exitCode(
  program: string,
  args: readonly string[],
  { msMax, cwd = process.cwd() }: { readonly msMax: number; readonly cwd?: string },
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd });
    const timer = setTimeout(() => child.kill('SIGKILL'), msMax);
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new Error(`${program} cannot be started.`, { cause }));
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
