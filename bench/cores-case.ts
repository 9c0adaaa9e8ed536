// Film A cold with the whole stack and the graph held on one core and on two: what the model of docs/performance.md needs.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stack } from '../tools/stack.ts';
import type { BenchSite } from './bench-site.ts';
import { meteredProcesses, startBenchStack } from './bench-stack.ts';
import { coreConstants, longerFilm, predictAll } from './core-model.ts';
import { measureGraph } from './film-case.ts';
import { type BenchFilm, shortened } from './films.ts';
import { medianBy } from './median.ts';
import { measureJob, type Usage } from './process-meter.ts';
import type { ExtraFigure, ExtraResult } from './results.ts';
import { BenchProject } from './stack-films.ts';

const run = promisify(execFile);

/** Each time is the median of `rounds`. */
export async function benchCores(film: BenchFilm, site: BenchSite, rounds: number): Promise<ExtraResult> {
  if (availableParallelism() < 2) throw new Error('The case "cores" needs two cores.');
  const one = await benchOn(1, film, { site, rounds });
  const two = await benchOn(2, film, { site, rounds });
  const constants = coreConstants({
    oneCoreSeconds: one.film.wallSeconds,
    twoCoreSeconds: two.film.wallSeconds,
    longestSceneSeconds: two.scene.wallSeconds,
  });
  return {
    figures: [
      told('1 core, ours', one.film.wallSeconds, `graph ${one.graph.wallSeconds.toFixed(1)} s`),
      told('2 cores, ours', two.film.wallSeconds, `graph ${two.graph.wallSeconds.toFixed(1)} s`),
      told('one scene alone on 2 cores', two.scene.wallSeconds, ''),
      told('serial part', constants.serialSeconds, ''),
      told('parallel part on one core', constants.parallelSeconds, ''),
    ],
    details: {
      measured: { one, two },
      constants,
      scenes: film.scenes,
      predictions: predictAll(constants),
      predictionsOfLonger: predictAll(longerFilm(constants, longerFactor)),
      longerFactor,
    },
  };
}

/** A film of 120 scenes gives 128 cores something to do. */
const longerFactor = 12;

type OnCores = { readonly film: Usage; readonly scene: Usage; readonly graph: Usage };

type Bench = { readonly site: BenchSite; readonly rounds: number };

async function benchOn(cores: number, film: BenchFilm, { site, rounds }: Bench): Promise<OnCores> {
  const list = cores === 1 ? '0' : `0-${cores - 1}`;
  const graphPath = join(site.folder, `graph-${film.name}.mp4`);
  const measured: OnCores[] = [];
  const stack = await startBenchStack({ concurrency: cores });
  try {
    await pin(stack, list);
    await renderCold(shortened(film, 1), site, stack);
    for (let round = 0; round < rounds; round += 1) {
      console.log(`film ${film.name} on ${cores} of the machine's cores, round ${round + 1} of ${rounds}`);
      const graph = await measureGraph(film, site, graphPath, ['taskset', '-c', list]);
      const ours = await renderCold(film, site, stack);
      measured.push({ graph, film: ours, scene: await renderCold(shortened(film, 1), site, stack) });
    }
  } finally {
    await stack.stop();
  }
  const median = (name: keyof OnCores): Usage =>
    medianBy(
      measured.map((round) => round[name]),
      ({ wallSeconds }) => wallSeconds,
    );
  return { graph: median('graph'), film: median('film'), scene: median('scene') };
}

/** Children started later inherit it. */
async function pin({ children }: Stack, list: string): Promise<void> {
  await Promise.all(children.map(({ pid }) => run('taskset', ['-a', '-p', '-c', list, String(pid)])));
}

async function renderCold(film: BenchFilm, site: BenchSite, stack: Stack): Promise<Usage> {
  const project = await BenchProject.create(stack, site.media);
  const movie = film.movie(project.assets);
  const { usage } = await measureJob(meteredProcesses(stack), () => project.render(movie));
  return usage;
}

function told(name: string, value: number, note: string): ExtraFigure {
  return { name, value, unit: 's', target: null, note };
}
