// Phase "rendering": the film's whole sound, beside the pictures, as soon as the scenes' sound is there.
import type { CacheUse, JobRef, MixOutcome } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { checkRenderer } from './check-renderer.ts';
import { DamagedClips, giveUpDamaged } from './damaged-clips.ts';
import { provideProgramme } from './provide-programme.ts';
import type { MediaServices } from './services.ts';

export async function mixProgramme(
  services: MediaServices,
  { jobId, cache }: JobRef & { readonly cache: CacheUse },
  run: ActivityRun,
): Promise<MixOutcome> {
  const plan = await services.plans.read(jobId, run.signal);
  checkRenderer(services, plan);
  try {
    await provideProgramme(services, { jobId, plan, cache }, run);
    return { kind: 'mixed' };
  } catch (error) {
    if (!(error instanceof DamagedClips)) throw error;
    await giveUpDamaged(services, jobId, error);
    return { kind: 'damaged', indices: error.indices };
  }
}
