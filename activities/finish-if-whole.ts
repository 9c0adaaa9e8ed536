import { sceneJobId } from '../contract/names.ts';
import type { ScenePlan } from '../plan-compiler/render-plan.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { MediaServices } from './services.ts';

export type FinishedClip = {
  readonly jobId: string;
  readonly scene: ScenePlan;
  /** What of the scene the job was just given; it is not looked for again. */
  readonly provided: 'picture' | 'sound';
  readonly wasCached: boolean;
};

/** Marks a scene as done where the job has all it needs of it. Of picture and sound, whichever comes last finds the other. */
export async function finishIfWhole(
  services: Pick<MediaServices, 'store' | 'jobs'>,
  { jobId, scene, provided, wasCached }: FinishedClip,
): Promise<void> {
  const { index, soundKey } = scene;
  const isThere = async (key: string): Promise<boolean> => (await services.store.stat(key)) !== null;
  const [hasPicture, hasSound] = await Promise.all([
    provided === 'picture' || isThere(objectKeys.sceneClip(jobId, index)),
    provided === 'sound' || soundKey === null || isThere(objectKeys.sceneSound(jobId, index)),
  ]);
  // Where the film's sound is there, the scene's is not needed.
  if (hasPicture && (hasSound || (await isThere(objectKeys.programme(jobId)))))
    await services.jobs.finishScene(sceneJobId(jobId, index), wasCached);
}
