// `npm run test:faults`: every case of the list of faults with real processes, as a table, and "N passed, N failed" at the end.
import { errorMessage } from '../contract/errors.ts';
import { faultTable } from './fault-table.ts';
import { runVitest } from './run-vitest.ts';
import { summarize } from './test-summary.ts';

process.exitCode = await main(process.argv.slice(2));

/** Arguments are handed on, for example `npm run test:faults -- -t F4`. */
async function main(options: readonly string[]): Promise<number> {
  try {
    const { reportJson, exitCode } = await runVitest(['--project', 'faults', ...options], { FAULTS: 'all' });
    const summary = summarize(reportJson, exitCode);
    console.log(`\n${faultTable(reportJson)}\n`);
    console.log(`${summary.passed} passed, ${summary.failed} failed`);
    return summary.isGood ? 0 : 1;
  } catch (error) {
    console.error(errorMessage(error));
    console.log('0 passed, 1 failed');
    return 1;
  }
}
