import type { JobClip } from './job-clips.ts';
import type { MediaServices } from './services.ts';

/** Clips that were rendered and are gone, or are not what was rendered; they are to be rendered again. */
export class DamagedClips extends Error {
  override readonly name = 'DamagedClips';
  readonly clips: readonly JobClip[];

  constructor(clips: readonly JobClip[]) {
    super(`${clips.length} clips are gone or damaged.`);
    this.clips = clips;
  }

  /** Plan indices of their scenes. */
  get indices(): readonly number[] {
    return this.clips.flatMap(({ index }) => (index === null ? [] : [index]));
  }
}

/** The job no longer has the clips, and their scenes are no longer done: what is dispatched next renders them. */
export async function giveUpDamaged(
  services: Pick<MediaServices, 'store' | 'jobs'>,
  jobId: string,
  damaged: DamagedClips,
): Promise<void> {
  await services.store.remove(damaged.clips.map(({ jobObject }) => jobObject));
  await services.jobs.reopenScenes(jobId, damaged.indices);
}
