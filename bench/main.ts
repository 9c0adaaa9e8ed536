// `npm run bench`: ours against one FFmpeg command for the same film, in turn, three rounds; ratios are what counts.
// The options are in bench-options.ts; what is measured and why, in docs/performance.md.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorMessage } from '../contract/errors.ts';
import { loadFontCatalogue } from '../drawing/index.ts';
import { chooseFfmpeg } from '../tools/ffmpeg-choice.ts';
import { type BenchOptions, readBenchOptions } from './bench-options.ts';
import type { BenchSite } from './bench-site.ts';
import { buildPrograms } from './bench-stack.ts';
import { compareResults, printComparison } from './compare-results.ts';
import { readMachineFacts } from './machine-facts.ts';
import { markdownOf } from './markdown-table.ts';
import { provideMedia } from './media.ts';
import { readEarlier, readResults, resultFileName, resultsFolder, writeResults } from './result-files.ts';
import type { BenchResults } from './results.ts';
import { runCases } from './run-cases.ts';

const run = promisify(execFile);

const options = readOptions();
if (options?.table === null) process.exitCode = await bench(options);
else if (options !== null) console.log(markdownOf((await readResults(options.table)).results));

/** Null where the command line is wrong, which is said. */
function readOptions(): BenchOptions | null {
  try {
    return readBenchOptions(process.argv.slice(2));
  } catch (error) {
    console.error(errorMessage(error));
    process.exitCode = 2;
    return null;
  }
}

/** 0, or 1 where the films differ or a ratio is worse than before. */
async function bench(options: BenchOptions): Promise<number> {
  const savedAt = new Date().toISOString();
  const commit = await readCommit();
  // Before anything new is written there.
  const earlier = options.compare === null ? null : await readEarlier(options.compare);
  const { ffmpeg, ffprobe } = await chooseFfmpeg();
  const site = await prepareSite(options, { ffmpegPath: ffmpeg.path, ffprobePath: ffprobe.path });
  const { measured, faults } = await runCases(options, site);
  const machine = await readMachineFacts(ffmpeg);
  const results: BenchResults = { savedAt, commit, rounds: options.rounds, ...measured, machine };
  if (options.json !== null) await writeResults(options.json, results);
  if (options.isSaved) {
    const file = join(resultsFolder, resultFileName(results));
    await writeResults(file, results);
    console.log(`saved to ${file}`);
  }
  const comparisons = earlier === null ? [] : compareResults(earlier.results, results);
  if (earlier !== null) console.log(printComparison(comparisons, earlier.from));
  for (const fault of faults) console.error(fault);
  return faults.length > 0 || comparisons.some(({ isWorse }) => isWorse) ? 1 : 0;
}

async function prepareSite(
  { folder }: BenchOptions,
  programs: Pick<BenchSite, 'ffmpegPath' | 'ffprobePath'>,
): Promise<BenchSite> {
  await mkdir(folder, { recursive: true });
  console.log('building the programs, and the media where it is not there yet …');
  await buildPrograms();
  const media = await provideMedia(join(folder, 'media'), programs.ffmpegPath);
  const fonts = await loadFontCatalogue();
  const bold = fonts.find(
    (font) => font.family === 'Noto Sans' && font.weight === 700 && font.style === 'normal',
  );
  if (bold === undefined) throw new Error('Noto Sans Bold is missing.');
  const concurrency = Number(process.env.RENDER_CONCURRENCY ?? 0);
  return { ...programs, fontFile: bold.path, media, folder, concurrency };
}

/** With a mark where the files are not the commit's; "unknown" outside a repository. */
async function readCommit(): Promise<string> {
  try {
    const { stdout: commit } = await run('git', ['rev-parse', '--short', 'HEAD']);
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--untracked-files=no']);
    return `${commit.trim()}${changes === '' ? '' : '-changed'}`;
  } catch {
    return 'unknown';
  }
}
