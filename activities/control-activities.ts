import type { ControlActivities } from '../workflows/activity-types.ts';
import { runActivity } from './activity-run.ts';
import { compilePlan } from './compile-plan.ts';
import { dispatchScenes } from './dispatch-scenes.ts';
import { cancelJob, failJob } from './end-job.ts';
import { finalizeFilm } from './finalize-film.ts';
import { keepHouse } from './keep-house.ts';
import type { ControlServices } from './services.ts';

/** Database and store work: no FFmpeg. */
export function createControlActivities(services: ControlServices): ControlActivities {
  return {
    compilePlan: (job) => runActivity((run) => compilePlan(services, job, run)),
    dispatchScenes: (job) => runActivity((run) => dispatchScenes(services, job, run)),
    finalizeFilm: (input) => runActivity((run) => finalizeFilm(services, input, run)),
    failJob: (input) => runActivity(() => failJob(services, input)),
    keepHouse: (input) => runActivity((run) => keepHouse(services, input, run)),
    cancelJob: (job) => runActivity(() => cancelJob(services, job)),
  };
}
