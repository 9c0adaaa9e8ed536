// Many jobs of several users at the same moment: all are done, and no user waits for the others.
import { tinyFilm } from '../../bench/films.ts';
import type { BenchProject } from '../../bench/stack-films.ts';
import type { JobEvent } from '../../contract/answers.ts';
import { countFrames } from './count-frames.ts';
import type { LoadOptions } from './load-options.ts';
import type { LoadCase } from './load-report.ts';
import type { LoadSite } from './load-site.ts';
import { makeUsers } from './load-users.ts';
import { framesOfScene, measureLoad } from './measure-load.ts';

/** Of the whole time, between the first user whose films are all done and the last one. One after the other it would be 0.8. */
const spreadMax = 0.35;

type Ended = { readonly user: number; readonly job: JobEvent; readonly seconds: number };

export async function runFlood(site: LoadSite, options: LoadOptions): Promise<LoadCase> {
  const { users, jobsOfEach, scenesOfEach } = options;
  const projects = await makeUsers(site, users);
  const jobs = users * jobsOfEach;
  return measureLoad<Ended>(site, {
    title: `${jobs} jobs of ${scenesOfEach} scenes by ${users} users at once`,
    jobs,
    scenes: jobs * scenesOfEach,
    work: () => renderAll(projects, options),
    describe: ({ results, seconds }) => {
      const last = projects.map((_, user) =>
        Math.max(...results.map((end) => (end.user === user ? end.seconds : 0))),
      );
      const spread = (Math.max(...last) - Math.min(...last)) / seconds;
      return {
        figures: [{ name: "users' last films", value: last.map((at) => `${at.toFixed(1)} s`).join(', ') }],
        checks: [
          {
            what: 'nobody waits for the others',
            isMet: spread <= spreadMax,
            found: `${(spread * 100).toFixed(0)} % of the time apart`,
          },
        ],
      };
    },
    countWrongFilms: async (results) => {
      let wrong = 0;
      for (const { user, job } of results) {
        const project = projects[user];
        if (project === undefined) continue;
        if ((await countFrames(site, project, job)) !== scenesOfEach * framesOfScene) wrong += 1;
      }
      return wrong;
    },
  });
}

/** The first user's films come first: who is served in turn is not served by the order of arrival. */
function renderAll(
  projects: readonly BenchProject[],
  { jobsOfEach, scenesOfEach }: LoadOptions,
): Promise<readonly PromiseSettledResult<Ended>[]> {
  const begun = performance.now();
  const renders = projects.flatMap((project, user) =>
    Array.from({ length: jobsOfEach }, async (_, number): Promise<Ended> => {
      const job = await project.render(tinyFilm(scenesOfEach, number));
      return { user, job, seconds: (performance.now() - begun) / 1000 };
    }),
  );
  return Promise.allSettled(renders);
}
