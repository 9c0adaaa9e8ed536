// What a job costs beside FFmpeg: tiny scenes, one at a time, less every moment in which FFmpeg or ffprobe runs.
import type { BenchSite } from './bench-site.ts';
import { startBenchStack } from './bench-stack.ts';
import { tinyFilm } from './films.ts';
import { medianBy } from './median.ts';
import type { ExtraResult } from './results.ts';
import { BenchProject } from './stack-films.ts';
import { createTimedPrograms, secondsCovered, type TimedPrograms } from './timed-programs.ts';

const scenes = 50;
const tries = 5;
/** Asked for: 0.15 s for a job and 0.03 s for each scene. */
const allowedSeconds = (count: number): number => 0.15 + 0.03 * count;
/** Films of 64 × 36 are below what an operator usually allows. */
export const tinyCanvas = { CANVAS_WIDTH_MIN: '16', CANVAS_HEIGHT_MIN: '16' };

export async function benchOverhead(site: BenchSite): Promise<ExtraResult> {
  const programs = await createTimedPrograms(site);
  try {
    // One at a time, so that nothing of ours hides behind a run of FFmpeg.
    const many = await medianOverhead(programs, { concurrency: 1, scenes });
    // As a server runs it: the film's sound is mixed beside its only scene.
    const one = await medianOverhead(programs, { concurrency: 0, scenes: 1 });
    const perScene = (many.overheadSeconds - one.overheadSeconds) / (scenes - 1);
    return {
      figures: [
        figure(
          `job of ${scenes} scenes, one at a time`,
          many.overheadSeconds,
          allowedSeconds(scenes),
          describe(many),
        ),
        figure('job of 1 scene', one.overheadSeconds, allowedSeconds(1), describe(one)),
        figure('for each scene', perScene, 0.03, ''),
      ],
      details: { many, one },
    };
  } finally {
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

async function medianOverhead(
  programs: TimedPrograms,
  job: { readonly concurrency: number; readonly scenes: number },
): Promise<Overhead> {
  const stack = await startBenchStack({
    concurrency: job.concurrency,
    environment: { ...tinyCanvas, ...programs.environment },
  });
  try {
    // The first jobs of a fresh stack pay for what every later one finds warm.
    await jobOverhead(stack, programs, scenes);
    const measured: Overhead[] = [];
    for (let round = 0; round < tries; round += 1)
      measured.push(await jobOverhead(stack, programs, job.scenes));
    return medianBy(measured, ({ overheadSeconds }) => overheadSeconds);
  } finally {
    await stack.stop();
  }
}

function describe({ runs, programSeconds, wallSeconds }: Overhead): string {
  return `${runs} FFmpeg and ffprobe runs took ${programSeconds.toFixed(2)} of ${wallSeconds.toFixed(2)} s`;
}

function figure(name: string, value: number, atMost: number, note: string) {
  return { name, value, unit: 's', target: { kind: 'at-most', value: atMost }, note } as const;
}
