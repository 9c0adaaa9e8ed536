// `npm test`: provides the programs that the tests need, runs every test, and ends with "N passed, N failed".
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { errorMessage } from '../contract/errors.ts';
import { provisionTests } from './provision-tests.ts';
import { summarize } from './test-summary.ts';

const runMsMax = 45 * 60_000;

process.exitCode = await main(process.argv.slice(2));

/** Arguments are handed on, for example `npm test -- --project unit`. */
async function main(options: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'scenemill-tests-'));
  try {
    const programs = await provisionTests((line) => console.log(line));
    const reportFile = join(folder, 'report.json');
    const exitCode = await runVitest(options, { ...process.env, ...programs }, reportFile);
    const summary = summarize(await readFile(reportFile, 'utf8').catch(() => null), exitCode);
    console.log(`${summary.passed} passed, ${summary.failed} failed`);
    return summary.isGood ? 0 : 1;
  } catch (error) {
    console.error(errorMessage(error));
    console.log('0 passed, 1 failed');
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In the foreground, so that Ctrl-C reaches it and its output is seen as it comes. */
function runVitest(
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
