// A film of 60 scenes of which one is changed: next to nothing is rendered again.
import { join } from 'node:path';
import type { BenchSite } from './bench-site.ts';
import { meteredProcesses, startBenchStack } from './bench-stack.ts';
import { measureGraph } from './film-case.ts';
import { type BenchFilm, films, sixtyScenes } from './films.ts';
import { medianBy } from './median.ts';
import { measureJob } from './process-meter.ts';
import type { ExtraResult } from './results.ts';
import { BenchProject } from './stack-films.ts';

const edits = [59, 30, 7];

export async function benchSixty(site: BenchSite, isLong: boolean): Promise<ExtraResult> {
  const stack = await startBenchStack({ concurrency: site.concurrency });
  try {
    const project = await BenchProject.create(stack, site.media);
    const render = (changes: Parameters<BenchFilm['movie']>[1]) =>
      measureJob(meteredProcesses(stack), () => project.render(sixtyScenes.movie(project.assets, changes)));
    const cold = await render({});
    const graph = await graphSeconds(site, isLong);
    const changed: number[] = [];
    for (const titleOf of edits) {
      const { usage } = await render({ title: `Another title of scene ${titleOf}`, titleOf });
      changed.push(usage.wallSeconds);
    }
    const share = (seconds: number): number => seconds / graph.seconds;
    return {
      figures: [
        {
          name: 'one scene of 60 changed',
          value: share(medianBy(changed, (seconds) => seconds)),
          unit: 'of the graph',
          target: { kind: 'at-most', value: 0.04 },
          note: `${medianBy(changed, (seconds) => seconds).toFixed(2)} s; graph ${graph.seconds.toFixed(1)} s, ${graph.how}`,
        },
        {
          name: '60 scenes cold',
          value: share(cold.usage.wallSeconds),
          unit: 'of the graph',
          target: null,
          note: `${cold.usage.wallSeconds.toFixed(1)} s`,
        },
      ],
      details: { cold: cold.usage, changedSeconds: changed, graph },
    };
  } finally {
    await stack.stop();
  }
}

async function graphSeconds(site: BenchSite, isLong: boolean): Promise<{ seconds: number; how: string }> {
  const [filmA] = films;
  if (filmA === undefined) throw new Error('Film A is missing.');
  const film = isLong ? sixtyScenes : filmA;
  const { wallSeconds } = await measureGraph(film, site, join(site.folder, `graph-${film.name}.mp4`));
  return isLong
    ? { seconds: wallSeconds, how: 'run in one piece' }
    : { seconds: wallSeconds * 6, how: "taken as six times film A's, run beside it (--long runs it)" };
}
