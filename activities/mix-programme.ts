// Phase "rendering": the film's whole sound, beside the pictures, as soon as the scenes' sound is there.
import type { CacheUse, JobRef, MixOutcome } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { checkRenderer } from './check-renderer.ts';
import { DamagedClips, giveUpDamaged } from './damaged-clips.ts';
import { programmeOf } from './job-clips.ts';
import { makeProgramme } from './make-programme.ts';
import { provideClip } from './provide-clip.ts';
import type { MediaServices } from './services.ts';

export async function mixProgramme(
  services: MediaServices,
  { jobId, cache }: JobRef & { readonly cache: CacheUse },
  run: ActivityRun,
): Promise<MixOutcome> {
  const plan = await services.plans.read(jobId);
  checkRenderer(services, plan);
  const folder = await services.scratch.open(jobId, `programme_${run.attempt}`);
  try {
    await provideClip(services, {
      clip: programmeOf(jobId, plan),
      cache,
      render: (held) => makeProgramme(services, { jobId, plan, folder, run: held }),
      run,
    });
    return { kind: 'mixed' };
  } catch (error) {
    if (!(error instanceof DamagedClips)) throw error;
    await giveUpDamaged(services, jobId, error);
    return { kind: 'damaged', indices: error.indices };
  } finally {
    await folder.remove();
  }
}
