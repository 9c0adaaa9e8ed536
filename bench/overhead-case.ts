// What a job costs beside FFmpeg: tiny scenes, one at a time, less every moment in which FFmpeg or ffprobe runs.
import type { BenchSite } from './bench-site.ts';
import { startBenchStack } from './bench-stack.ts';
import { tinyFilm } from './films.ts';
import { medianBy } from './median.ts';
import type { ExtraResult } from './results.ts';
import { BenchProject } from './stack-films.ts';
import { createTimedPrograms, secondsCovered, type TimedPrograms } from './timed-programs.ts';

const scenes = 50;
const tries = 3;
/** Asked for: 0.15 s for a job and 0.03 s for each scene. */
const allowedSeconds = (count: number): number => 0.15 + 0.03 * count;
/** Films of 64 × 36 are below what an operator usually allows. */
export const tinyCanvas = { CANVAS_WIDTH_MIN: '16', CANVAS_HEIGHT_MIN: '16' };

export async function benchOverhead(site: BenchSite): Promise<ExtraResult> {
  const programs = await createTimedPrograms(site);
  const stack = await startBenchStack({
    concurrency: 1,
    environment: { ...tinyCanvas, ...programs.environment },
  });
  try {
    // The first job of a fresh stack pays for what every later one finds warm.
    await jobOverhead(stack, programs, 2);
    const many = await medianOverhead(() => jobOverhead(stack, programs, scenes));
    const one = await medianOverhead(() => jobOverhead(stack, programs, 1));
    const perScene = (many.overheadSeconds - one.overheadSeconds) / (scenes - 1);
    const note = `${many.runs} FFmpeg and ffprobe runs took ${many.programSeconds.toFixed(2)} of ${many.wallSeconds.toFixed(2)} s`;
    return {
      figures: [
        figure(`job of ${scenes} scenes`, many.overheadSeconds, allowedSeconds(scenes), note),
        figure('job of 1 scene', one.overheadSeconds, allowedSeconds(1), `${one.runs} runs`),
        figure('for each scene', perScene, 0.03, ''),
        figure('for the job', one.overheadSeconds - perScene, 0.15, ''),
      ],
      details: { many, one },
    };
  } finally {
    await stack.stop();
    await programs.remove();
  }
}

type Overhead = {
  readonly wallSeconds: number;
  readonly programSeconds: number;
  readonly overheadSeconds: number;
  readonly runs: number;
};

type Site = Parameters<typeof BenchProject.create>[0];

async function jobOverhead(stack: Site, programs: TimedPrograms, count: number): Promise<Overhead> {
  const project = await BenchProject.create(stack, {});
  await programs.takeRuns();
  const begun = performance.now();
  await project.render(tinyFilm(count));
  const wallSeconds = (performance.now() - begun) / 1000;
  const runs = await programs.takeRuns();
  const programSeconds = secondsCovered(runs);
  return { wallSeconds, programSeconds, overheadSeconds: wallSeconds - programSeconds, runs: runs.length };
}

async function medianOverhead(measure: () => Promise<Overhead>): Promise<Overhead> {
  const measured: Overhead[] = [];
  for (let round = 0; round < tries; round += 1) measured.push(await measure());
  return medianBy(measured, ({ overheadSeconds }) => overheadSeconds);
}

function figure(name: string, value: number, atMost: number, note: string) {
  return { name, value, unit: 's', target: { kind: 'at-most', value: atMost }, note } as const;
}
