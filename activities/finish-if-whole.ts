import { sceneJobId } from '../contract/names.ts';
import type { ScenePlan } from '../plan-compiler/render-plan.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { MediaServices } from './services.ts';

export type FinishedClip = {
  readonly jobId: string;
  readonly scene: ScenePlan;
  readonly wasCached: boolean;
};

/** Marks a scene as done where the job has all it needs of it. Of picture and sound, whichever comes last finds the other. */
export async function finishIfWhole(
  services: Pick<MediaServices, 'store' | 'jobs'>,
  { jobId, scene, wasCached }: FinishedClip,
): Promise<void> {
  const { index, soundKey } = scene;
  const isThere = async (key: string): Promise<boolean> => (await services.store.stat(key)) !== null;
  const [hasPicture, hasSound] = await Promise.all([
    isThere(objectKeys.sceneClip(jobId, index)),
    soundKey === null || isThere(objectKeys.sceneSound(jobId, index)),
  ]);
  // Where the film's sound is there, the scene's is not needed.
  if (hasPicture && (hasSound || (await isThere(objectKeys.programme(jobId)))))
    await services.jobs.finishScene(sceneJobId(jobId, index), wasCached);
}
