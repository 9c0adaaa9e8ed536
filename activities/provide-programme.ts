import type { RenderPlan } from '../plan-compiler/render-plan.ts';
import type { CacheUse, JobRef } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { programmeOf } from './job-clips.ts';
import { makeProgramme } from './make-programme.ts';
import { provideClip } from './provide-clip.ts';
import type { MediaServices } from './services.ts';

export type ProgrammeOrder = JobRef & { readonly plan: RenderPlan; readonly cache: CacheUse };

/** The film's sound under the job's own name: from the cache, or mixed. Throws DamagedClips where a scene's sound is not there. */
export async function provideProgramme(
  services: MediaServices,
  { jobId, plan, cache }: ProgrammeOrder,
  run: ActivityRun,
): Promise<void> {
  const folder = await services.scratch.open(jobId, `programme_${run.attempt}`);
  try {
    await provideClip(services, {
      clip: programmeOf(jobId, plan),
      cache,
      render: (held) => makeProgramme(services, { jobId, plan, folder, run: held }),
      run,
    });
  } finally {
    await folder.remove();
  }
}
