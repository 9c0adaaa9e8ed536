// One clip under the job's own name in the store: from the cache, or rendered, checked, cached and copied.
import type { CachedClip } from '../storage/clip-index.ts';
import { copyIfThere } from './copy-object.ts';
import type { MediaServices } from './services.ts';

/** How a clip is made and where it goes. */
export type ClipRecipe = {
  readonly kind: CachedClip['kind'];
  readonly key: string;
  readonly cachedObject: string;
  /** The job's own name for it. */
  readonly jobObject: (jobId: string) => string;
  /** Renders and verifies; returns the file and its length in frames or samples. */
  readonly render: () => Promise<{ readonly path: string; readonly length: number }>;
};

export type ClipOrder = {
  readonly jobId: string;
  readonly cache: 'use' | 'refresh';
  readonly clip: ClipRecipe;
  readonly signal: AbortSignal;
};

/** Returns whether it came from the cache. */
export async function provideClip(
  services: MediaServices,
  { jobId, cache, clip, signal }: ClipOrder,
): Promise<boolean> {
  const target = clip.jobObject(jobId);
  if (
    cache === 'use' &&
    (await isCached(services, clip)) &&
    (await copyIfThere(services.store, clip.cachedObject, target))
  )
    return true;
  const { path, length } = await clip.render();
  const { kind, key, cachedObject: objectKey } = clip;
  await services.cache.publish({ kind, key, objectKey, length }, path, signal);
  await services.store.copy(clip.cachedObject, target);
  return false;
}

async function isCached(services: MediaServices, clip: ClipRecipe): Promise<boolean> {
  return (await services.cache.lookup([{ key: clip.key, objectKey: clip.cachedObject }])).has(clip.key);
}
