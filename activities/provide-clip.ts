// One clip under the job's own name in the store: from the cache, or rendered, checked, cached and copied.
import type { CacheUse } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { copyIfThere } from './copy-object.ts';
import { holdClip } from './hold-clip.ts';
import type { JobClip } from './job-clips.ts';
import type { MediaServices } from './services.ts';

export type ClipOrder = {
  readonly clip: JobClip;
  readonly cache: CacheUse;
  /** Renders and verifies; returns the file and its length in frames or samples. */
  readonly render: (run: ActivityRun) => Promise<RenderedClip>;
  readonly run: ActivityRun;
};

export type RenderedClip = { readonly path: string; readonly length: number };

/** Returns whether it came from the cache, or from another job that was rendering it. */
export async function provideClip(
  services: MediaServices,
  { clip, cache, render, run }: ClipOrder,
): Promise<boolean> {
  const { kind, key, cachedObject: objectKey, jobObject } = clip;
  const { attempt } = run;
  return holdClip<boolean>(services.claims, {
    claim: { key, holder: jobObject, attempt },
    signal: run.signal,
    find: async () => (cache === 'use' && (await takeCached(services, clip, run)) ? true : null),
    make: async ({ signal, confirm }) => {
      const { path, length } = await render({ ...run, signal });
      await confirm();
      await services.cache.publish({ kind, key, objectKey, length }, path, signal);
      await services.store.copy(objectKey, jobObject, { signal });
      return false;
    },
  });
}

async function takeCached(
  services: MediaServices,
  clip: JobClip,
  { signal }: Pick<ActivityRun, 'signal'>,
): Promise<boolean> {
  const { key, cachedObject: objectKey, jobObject } = clip;
  const known = await services.cache.lookup([{ key, objectKey }], { signal });
  return known.has(key) && copyIfThere(services.store, { from: objectKey, to: jobObject }, { signal });
}
