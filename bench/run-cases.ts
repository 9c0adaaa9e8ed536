import { availableParallelism } from 'node:os';
import type { MovieInput } from '../contract/movie.ts';
import type { BenchOptions, CaseName } from './bench-options.ts';
import type { BenchSite } from './bench-site.ts';
import { meteredProcesses, startBenchStack } from './bench-stack.ts';
import { benchCompile } from './compile-case.ts';
import { benchCores } from './cores-case.ts';
import { benchFilm, lowestSsimMin } from './film-case.ts';
import { type BenchFilm, films, shortened } from './films.ts';
import { benchMemory } from './memory-case.ts';
import { benchOverhead } from './overhead-case.ts';
import { findPeers } from './peers/installed-peers.ts';
import { readResident } from './process-meter.ts';
import type { BenchResults, ExtraResult, FilmResult } from './results.ts';
import { printFigures, printFilm } from './results-table.ts';
import { benchSixty } from './sixty-case.ts';
import { BenchProject } from './stack-films.ts';
import { benchTiny } from './tiny-case.ts';

export type Measurements = {
  readonly measured: Pick<BenchResults, 'films' | 'processes' | 'extra'>;
  /** Why the figures cannot be trusted. */
  readonly faults: readonly string[];
};

/** Runs the cases asked for, one after the other, and prints each as it ends. */
export async function runCases(options: BenchOptions, site: BenchSite): Promise<Measurements> {
  const { films: filmResults, processes } = options.cases.includes('films')
    ? await runFilms(options, site)
    : { films: {}, processes: {} };
  const extra: Record<string, ExtraResult> = {};
  for (const name of options.cases) {
    if (name === 'films') continue;
    console.log(`case ${name} …`);
    const result = await runExtra(name, options, site);
    extra[name] = result;
    console.log(printFigures(name, result.figures));
  }
  const faults = Object.entries(filmResults)
    .filter(([, { lowestSsim }]) => lowestSsim < lowestSsimMin)
    .map(
      ([name, { lowestSsim }]) => `Film ${name} is not the graph's: SSIM ${lowestSsim} < ${lowestSsimMin}.`,
    );
  return { measured: { films: filmResults, processes, extra }, faults };
}

async function runFilms(
  options: BenchOptions,
  site: BenchSite,
): Promise<Pick<BenchResults, 'films' | 'processes'>> {
  const peers = options.withPeers ? await findPeers(site, process.env.MOVIEPY_PYTHON ?? 'python3') : [];
  const results: Record<string, FilmResult> = {};
  const processes: Record<string, Readonly<Record<string, number>>> = {};
  const stack = await startBenchStack({ concurrency: site.concurrency });
  try {
    // The targets are for warm services: the first job of all compiles and opens what every later one finds.
    await (await BenchProject.create(stack, {})).render(warmUpFilm);
    for (const film of chosenFilms(options)) {
      const result = await benchFilm(film, { site, stack, rounds: options.rounds, peers });
      results[film.name] = result;
      processes[film.name] = await readResident(meteredProcesses(stack).watched);
      console.log(printFilm(film.name, result));
    }
  } finally {
    await stack.stop();
  }
  return { films: results, processes };
}

const warmUpFilm: MovieInput = {
  width: 640,
  height: 360,
  scenes: [{ id: 'warm', duration: 1, layers: [{ type: 'text', text: 'Warm' }] }],
};

function runExtra(
  name: Exclude<CaseName, 'films'>,
  options: BenchOptions,
  site: BenchSite,
): Promise<ExtraResult> {
  switch (name) {
    case 'sixty':
      return benchSixty(site, options.isLong);
    case 'overhead':
      return benchOverhead(site);
    case 'compile':
      return benchCompile(site);
    case 'tiny':
      return benchTiny(site, options.tinyScenes, availableParallelism());
    case 'cores':
      return benchCores(firstFilm(options), site, options.rounds);
    case 'memory':
      return benchMemory(site);
    default:
      return name satisfies never;
  }
}

function chosenFilms({ films: names, scenes }: BenchOptions): readonly BenchFilm[] {
  const chosen = films.filter(({ name }) => names.includes(name));
  return scenes === null ? chosen : chosen.map((film) => shortened(film, scenes));
}

function firstFilm(options: BenchOptions): BenchFilm {
  const [film] = chosenFilms(options);
  if (film === undefined) throw new Error('No film was chosen.');
  return film;
}
