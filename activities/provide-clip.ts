// One clip under the job's own name in the store: from the cache, or rendered, checked, cached and copied.
import type { CacheUse } from '../workflows/activity-types.ts';
import { copyIfThere } from './copy-object.ts';
import type { JobClip } from './job-clips.ts';
import type { MediaServices } from './services.ts';

export type ClipOrder = {
  readonly clip: JobClip;
  readonly cache: CacheUse;
  /** Renders and verifies; returns the file and its length in frames or samples. */
  readonly render: () => Promise<RenderedClip>;
  readonly signal: AbortSignal;
};

export type RenderedClip = { readonly path: string; readonly length: number };

/** Returns whether it came from the cache. */
export async function provideClip(
  services: MediaServices,
  { clip, cache, render, signal }: ClipOrder,
): Promise<boolean> {
  const { kind, key, cachedObject: objectKey, jobObject } = clip;
  if (
    cache === 'use' &&
    (await services.cache.lookup([{ key, objectKey }])).has(key) &&
    (await copyIfThere(services.store, objectKey, jobObject))
  )
    return true;
  const { path, length } = await render();
  await services.cache.publish({ kind, key, objectKey, length }, path, signal);
  await services.store.copy(objectKey, jobObject);
  return false;
}
