// What nobody needs any more is removed: cold clips, outdated outputs, and what processes left that died half way. All of
// it may be running jobs' neighbour, so each step takes only what has been at rest for a while, in batches.
import { objectKeys } from '../storage/object-keys.ts';
import type { ObjectInfo } from '../storage/object-store.ts';
import type { HouseReport } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { forgetHistory, forgetJobs } from './forget-rows.ts';
import { batchesMax, batchSize, type House, type HouseServices } from './house.ts';
import { removeAll } from './remove-all.ts';

/** A clip that was found within this may be about to be copied by the job that found it. */
const restSeconds = 3_600;
/** Longer than any upload lasts, so that nothing is taken for left behind that is still being made. */
const leftBehindMs = 6 * 3_600_000;

/** A dry run removes nothing and tells what it would have removed. */
export async function keepHouse(
  services: HouseServices,
  { isDryRun }: { readonly isDryRun: boolean },
  { signal }: Pick<ActivityRun, 'signal'>,
): Promise<HouseReport> {
  const house = { services, isDryRun, signal, nowMs: Date.now() };
  const clips = await removeColdClips(house);
  const outputs = await expireOutputs(house);
  const orphanClips = await removeOrphanClips(house);
  const orphanObjects = (await removeOrphanObjects(house)) + (await removeOrphanAssets(house));
  const historyRows = await forgetHistory(house);
  const jobs = await forgetJobs(house);
  const unfinishedUploads = isDryRun
    ? 0
    : await services.store.removeUnfinished(new Date(house.nowMs - leftBehindMs), { signal });
  if (!isDryRun) await services.housekeeping.dropLapsedClaims();
  return { isDryRun, ...clips, outputs, orphanClips, orphanObjects, unfinishedUploads, historyRows, jobs };
}

async function removeColdClips({ services, isDryRun, signal }: House) {
  const { housekeeping, houseBounds, store } = services;
  const search = {
    bytesMax: houseBounds.cacheBytesMax,
    ageSecondsMax: houseBounds.cacheSecondsMax,
    restSeconds,
    limit: batchSize,
  };
  const removed = { clips: 0, clipBytes: 0 };
  for (let batch = 0; batch < batchesMax; batch += 1) {
    signal.throwIfAborted();
    const cold = await housekeeping.coldClips(search);
    const keys = cold.map(({ key }) => key);
    // The index first: a clip that is in it must be there, one that is not in it harms nobody.
    const forgotten = new Set(isDryRun ? keys : await housekeeping.forgetCold(keys, restSeconds));
    const gone = cold.filter(({ key }) => forgotten.has(key));
    removed.clips += gone.length;
    removed.clipBytes += gone.reduce((sum, { bytes }) => sum + bytes, 0);
    if (!isDryRun) await removeUnlessBack(services, gone);
    if (isDryRun || cold.length < batchSize) break;
  }
  return removed;

  async function removeUnlessBack(
    { housekeeping: index }: HouseServices,
    clips: readonly { readonly key: string; readonly kind: keyof typeof cachedObject }[],
  ): Promise<void> {
    const back = await index.knownClips(clips.map(({ key }) => key));
    await store.remove(
      clips.filter(({ key }) => !back.has(key)).map(({ key, kind }) => cachedObject[kind](key)),
      { signal },
    );
  }
}

const cachedObject = {
  picture: objectKeys.cachedClip,
  sound: objectKeys.cachedSound,
  programme: objectKeys.cachedProgramme,
} as const;

/** The objects first: should this stop half way, the row still says that there is something to remove. */
async function expireOutputs({ services, isDryRun, signal }: House): Promise<number> {
  const { housekeeping, store } = services;
  const jobIds = await housekeeping.outdatedOutputs(batchSize);
  for (const jobId of isDryRun ? [] : jobIds) {
    signal.throwIfAborted();
    await removeAll(store, objectKeys.outputs(jobId), signal);
    await housekeeping.expireOutput(jobId);
  }
  return jobIds.length;
}

/** Clips that were stored by a worker that died before it could record them. */
async function removeOrphanClips(house: House): Promise<number> {
  const { housekeeping } = house.services;
  return removeInBatches(house, 'cache/', async (objects) => {
    const known = await housekeeping.knownClips(objects.map(({ key }) => clipKeyOf(key)));
    return objects.filter(({ key }) => !known.has(clipKeyOf(key)));
  });
}

/** "cache/scenes/<hash>.mp4" → "<hash>" */
function clipKeyOf(objectKey: string): string {
  return objectKey.slice(objectKey.lastIndexOf('/') + 1).replace(/\.[a-z0-9]+$/, '');
}

/** Of jobs that are over or gone: intermediates of any, outputs of those without a result, plans of those that are gone. */
async function removeOrphanObjects(house: House): Promise<number> {
  const { housekeeping } = house.services;
  const isOrphan = {
    'intermediates/': (status: string | undefined) =>
      status === undefined || ['done', 'failed', 'cancelled'].includes(status),
    'outputs/': (status: string | undefined) =>
      status === undefined || status === 'failed' || status === 'cancelled',
    'render-plans/': (status: string | undefined) => status === undefined,
  } as const;
  let removed = 0;
  for (const [prefix, test] of Object.entries(isOrphan)) {
    removed += await removeInBatches(house, prefix, async (objects) => {
      const statuses = await housekeeping.statuses([...new Set(objects.map(({ key }) => jobIdOf(key)))]);
      return objects.filter(({ key }) => test(statuses.get(jobIdOf(key))));
    });
  }
  return removed;
}

/** Uploads that were stored by a process that died before it could record them. */
async function removeOrphanAssets(house: House): Promise<number> {
  return removeInBatches(house, 'assets/', async (objects) => {
    const known = await house.services.housekeeping.knownAssets(objects.map(({ key }) => assetIdOf(key)));
    return objects.filter(({ key }) => !known.has(assetIdOf(key)));
  });
}

/** "assets/<user>/<asset>" → "<asset>" */
function assetIdOf(objectKey: string): string {
  return objectKey.split('/')[2] ?? '';
}

/** "outputs/<job>/output.mp4" → "<job>" */
function jobIdOf(objectKey: string): string {
  return objectKey.split('/')[1] ?? '';
}

/** Of the objects below a prefix that have been at rest for long, removes those that the choice names. */
async function removeInBatches(
  { services, isDryRun, signal, nowMs }: House,
  prefix: string,
  choose: (objects: readonly ObjectInfo[]) => Promise<readonly ObjectInfo[]>,
): Promise<number> {
  let removed = 0;
  let batch: ObjectInfo[] = [];
  const settle = async (): Promise<void> => {
    signal.throwIfAborted();
    const chosen = batch.length === 0 ? [] : await choose(batch);
    if (!isDryRun)
      await services.store.remove(
        chosen.map(({ key }) => key),
        { signal },
      );
    removed += chosen.length;
    batch = [];
  };
  for await (const object of services.store.list(prefix, { signal })) {
    if (nowMs - object.modifiedAt.getTime() < leftBehindMs) continue;
    batch.push(object);
    if (batch.length >= batchSize) await settle();
    if (removed >= batchSize * batchesMax) break;
  }
  await settle();
  return removed;
}
