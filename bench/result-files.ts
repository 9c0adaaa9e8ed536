// Results kept in bench/results/, one file for each run that was worth keeping.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BenchResults, Findings } from './results.ts';

export const resultsFolder = join('bench', 'results');

/** The day and the commit tell what a file is about. */
export function resultFileName({ savedAt, commit }: Pick<BenchResults, 'savedAt' | 'commit'>): string {
  return `${savedAt.slice(0, 10)}-${commit}.json`;
}

export async function writeResults(file: string, results: BenchResults): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
}

export type ResultFile = { readonly file: string; readonly results: BenchResults };

/** A file named, or the newest by its own date for "latest". */
export async function readResults(named: string, folder = resultsFolder): Promise<ResultFile> {
  if (named !== 'latest') return await readOne(named);
  const [newest] = await readAll(folder);
  return newest;
}

export type Earlier = { readonly from: string; readonly results: Findings };

/** What to compare with: a file named, or for "latest" the newest of each film and case, whichever file it is in. */
export async function readEarlier(named: string, folder = resultsFolder): Promise<Earlier> {
  if (named !== 'latest') return { from: named, results: (await readOne(named)).results };
  const oldestFirst = (await readAll(folder)).toReversed().map(({ results }) => results);
  const films = Object.assign({}, ...oldestFirst.map((results) => results.films)) as Findings['films'];
  const extra = Object.assign({}, ...oldestFirst.map((results) => results.extra)) as Findings['extra'];
  return { from: `the newest of each in ${folder}`, results: { films, extra } };
}

/** The newest first, by their own dates; throws where there are none. */
async function readAll(folder: string): Promise<readonly [ResultFile, ...ResultFile[]]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const files = await Promise.all(names.map((name) => readOne(join(folder, name))));
  const [newest, ...older] = files.sort((a, b) => b.results.savedAt.localeCompare(a.results.savedAt));
  if (newest === undefined) throw new Error(`There are no results in ${folder} yet; --save writes some.`);
  return [newest, ...older];
}

async function readOne(file: string): Promise<ResultFile> {
  // Written by `writeResults`.
  return { file, results: JSON.parse(await readFile(file, 'utf8')) as BenchResults };
}
