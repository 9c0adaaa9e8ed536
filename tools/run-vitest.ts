// Runs Vitest in the foreground and hands over its report.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { provisionTests } from './provision-tests.ts';

const runMsMax = 60 * 60_000;

export type VitestRun = {
  /** Null where Vitest wrote none. */
  readonly reportJson: string | null;
  readonly exitCode: number | null;
};

/** Provides the programs that the tests need, and runs those that the options name. */
export async function runVitest(
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<VitestRun> {
  const folder = await mkdtemp(join(tmpdir(), 'scenemill-tests-'));
  try {
    const programs = await provisionTests((line) => console.log(line));
    const reportFile = join(folder, 'report.json');
    const exitCode = await start(options, { ...process.env, ...programs, ...environment }, reportFile);
    return { exitCode, reportJson: await readFile(reportFile, 'utf8').catch(() => null) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In the foreground, so that Ctrl-C reaches it and its output is seen as it comes. */
function start(
  options: readonly string[],
  environment: NodeJS.ProcessEnv,
  reportFile: string,
): Promise<number | null> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const args = [vitestProgram(), 'run', ...reporters, ...options];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', env: environment });
    const timer = setTimeout(() => child.kill('SIGKILL'), runMsMax);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}

function vitestProgram(): string {
  return join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
}
