// `npm run test:load`: many jobs at once and one very long film on real processes; figures, checks, and "N passed, N failed".
import { buildPrograms, startBenchStack } from '../../bench/bench-stack.ts';
import { readMachineFacts } from '../../bench/machine-facts.ts';
import { tinyCanvas } from '../../bench/overhead-case.ts';
import { errorMessage } from '../../contract/errors.ts';
import { chooseFfmpeg } from '../../tools/ffmpeg-choice.ts';
import { freePort } from '../../tools/ports.ts';
import { runFlood } from './flood.ts';
import { type LoadOptions, readLoadOptions } from './load-options.ts';
import { type LoadCase, printCase } from './load-report.ts';
import { openSite } from './load-site.ts';
import { runLongFilm } from './long-film.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readLoadOptions(args);
    const { ffmpeg } = await chooseFfmpeg();
    const { cpu, cores } = await readMachineFacts(ffmpeg);
    console.log(`${new Date().toISOString().slice(0, 16)}Z, ${cpu}, ${cores} cores, Node ${process.version}`);
    await buildPrograms();
    const checks = (await runCases(options)).flatMap((done) => done.checks);
    const passed = checks.filter(({ isMet }) => isMet).length;
    console.log(`${passed} passed, ${checks.length - passed} failed`);
    return passed === checks.length ? 0 : 1;
  } catch (error) {
    console.error(errorMessage(error));
    console.log('0 passed, 1 failed');
    return 1;
  }
}

/** One after the other on the same processes, so that what the first leaves behind is seen in the second. */
async function runCases(options: LoadOptions): Promise<readonly LoadCase[]> {
  const healthPort = await freePort();
  const stack = await startBenchStack({
    concurrency: 0,
    environment: { ...tinyCanvas, HEALTH_PORT: String(healthPort), LOG_LEVEL: 'warn' },
  });
  const site = await openSite(stack, healthPort);
  try {
    const cases: LoadCase[] = [];
    for (const run of [runFlood, runLongFilm]) {
      const done = await run(site, options);
      cases.push(done);
      console.log(printCase(done));
    }
    return cases;
  } finally {
    await site.close();
    await stack.stop();
  }
}
