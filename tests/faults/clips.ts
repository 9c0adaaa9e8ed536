import type { World } from './world.ts';

/** Where a job's pictures lie in the cache, by scene. */
export async function cachedClips(world: World, jobId: string): Promise<readonly string[]> {
  const plan = await world.call<{ scenes: { pictureKey: string }[] }>('GET', `/v1/jobs/${jobId}/plan`);
  return plan.body.scenes.map(({ pictureKey }) => `cache/scenes/${pictureKey}.mp4`);
}

/** When each clip of the cache was last written. */
export async function clipTimes(world: World): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for await (const { key, modifiedAt } of world.store.list('cache/')) times.set(key, modifiedAt.getTime());
  return times;
}
