// `npm run test:chaos -- --seed 1 --minutes 20`: kills, stalls and cuts drawn from a seed over a mix of jobs; in the end every
// job is done with the right film or ended for a right reason. The last line is "N passed, N failed".
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { errorMessage } from '../../contract/errors.ts';
import { playRound } from './round.ts';
import { roundTable } from './table.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      /** Where the figures go as JSON. */
      json: { type: 'string' },
    },
  });
  try {
    const round = { seed: wholeNumber(values.seed), minutes: positiveNumber(values.minutes) };
    const result = await playRound(round, (text) => console.log(text));
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
    const { violations } = result.journal;
    console.log(`\n${roundTable(result)}`);
    if (result.home !== null) console.log(`the logs are in ${result.home}`);
    const spoiled = result.rows.filter(({ jobId }) => violations.some((text) => text.includes(jobId)));
    console.log(`${result.rows.length - spoiled.length} passed, ${violations.length} failed`);
    return violations.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(errorMessage(error));
    console.log('0 passed, 1 failed');
    return 1;
  }
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`--seed ${text} is not a whole number.`);
  return number;
}

function positiveNumber(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--minutes ${text} is not a number above 0.`);
  return number;
}
