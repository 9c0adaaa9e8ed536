// Where the clips of a job lie: in the cache by their content, and under names of the job's own, which nobody removes under it.
import type { Hash, RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import type { CachedClip } from '../storage/clip-index.ts';
import { objectKeys } from '../storage/object-keys.ts';

export type JobClip = {
  readonly kind: CachedClip['kind'];
  /** What its bytes must fit. */
  readonly key: Hash;
  readonly cachedObject: string;
  /** The job's own name for it. */
  readonly jobObject: string;
  /** In a scratch folder. */
  readonly fileName: string;
  /** Plan index of its scene; null for the film's sound. */
  readonly index: number | null;
};

export function pictureOf(
  jobId: string,
  { index, pictureKey }: Pick<ScenePlan, 'index' | 'pictureKey'>,
): JobClip {
  return {
    kind: 'picture',
    key: pictureKey,
    cachedObject: objectKeys.cachedClip(pictureKey),
    jobObject: objectKeys.sceneClip(jobId, index),
    fileName: `clip_${index}.mp4`,
    index,
  };
}

/** None for a silent scene. */
export function soundsOf(
  jobId: string,
  scenes: readonly Pick<ScenePlan, 'index' | 'soundKey'>[],
): readonly JobClip[] {
  return scenes.flatMap(({ index, soundKey }) =>
    soundKey === null
      ? []
      : {
          kind: 'sound',
          key: soundKey,
          cachedObject: objectKeys.cachedSound(soundKey),
          jobObject: objectKeys.sceneSound(jobId, index),
          fileName: `sound_${index}.f32le`,
          index,
        },
  );
}

export function programmeOf(jobId: string, { programme }: Pick<RenderPlan, 'programme'>): JobClip {
  return {
    kind: 'programme',
    key: programme.key,
    cachedObject: objectKeys.cachedProgramme(programme.key),
    jobObject: objectKeys.programme(jobId),
    fileName: 'programme.m4a',
    index: null,
  };
}
