// `npm run test:abuse`: the tests of all abuse cases, a table of them, and "N passed, N failed", counted in cases.
import { errorMessage } from '../contract/errors.ts';
import { abuseCases } from './abuse-cases.ts';
import { abuseRows } from './abuse-table.ts';
import { runVitest } from './run-vitest.ts';

process.exitCode = await main(process.argv.slice(2));

/** Arguments are handed on to Vitest. */
async function main(options: readonly string[]): Promise<number> {
  try {
    const files = abuseCases.flatMap(({ proofs }) => proofs.map(({ file }) => file));
    const { reportJson, exitCode } = await runVitest([...new Set(files), ...options]);
    if (reportJson === null) throw new Error('The tests wrote no report.');
    const rows = abuseRows(reportJson, abuseCases, process.cwd());
    for (const { line } of rows) console.log(line);
    const passed = rows.filter(({ isGood }) => isGood).length;
    console.log(`${passed} passed, ${rows.length - passed} failed`);
    return exitCode === 0 && passed === rows.length ? 0 : 1;
  } catch (error) {
    console.error(errorMessage(error));
    console.log(`0 passed, ${abuseCases.length} failed`);
    return 1;
  }
}
