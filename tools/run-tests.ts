// `npm test`: provides the programs that the tests need, runs every test, and ends with "N passed, N failed".
import { errorMessage } from '../contract/errors.ts';
import { runVitest } from './run-vitest.ts';
import { summarize } from './test-summary.ts';

process.exitCode = await main(process.argv.slice(2));

/** Arguments are handed on, for example `npm test -- --project unit`. */
async function main(options: readonly string[]): Promise<number> {
  try {
    const { reportJson, exitCode } = await runVitest(options);
    const summary = summarize(reportJson, exitCode);
    console.log(`${summary.passed} passed, ${summary.failed} failed`);
    return summary.isGood ? 0 : 1;
  } catch (error) {
    console.error(errorMessage(error));
    console.log('0 passed, 1 failed');
    return 1;
  }
}
