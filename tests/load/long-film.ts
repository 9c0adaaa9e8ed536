// One film of very many scenes: nothing that grows with it may grow beyond its bound.
import { tinyFilm } from '../../bench/films.ts';
import { BenchProject } from '../../bench/stack-films.ts';
import type { JobEvent } from '../../contract/answers.ts';
import { countFrames } from './count-frames.ts';
import type { LoadOptions } from './load-options.ts';
import type { LoadCase } from './load-report.ts';
import type { LoadSite } from './load-site.ts';
import { framesOfScene, measureLoad } from './measure-load.ts';

export async function runLongFilm(site: LoadSite, { longFilmScenes }: LoadOptions): Promise<LoadCase> {
  const project = await BenchProject.create(site.stack, {});
  return measureLoad<{ readonly job: JobEvent }>(site, {
    title: `one job of ${longFilmScenes} scenes`,
    jobs: 1,
    scenes: longFilmScenes,
    work: () => Promise.allSettled([project.render(tinyFilm(longFilmScenes)).then((job) => ({ job }))]),
    describe: () => ({ figures: [], checks: [] }),
    countWrongFilms: async (results) => {
      const counts = await Promise.all(results.map(({ job }) => countFrames(site, project, job)));
      return counts.filter((frames) => frames !== longFilmScenes * framesOfScene).length;
    },
  });
}
