// What the job has of its clips, after taking over what the cache has.
import type { RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { CacheUse } from '../workflows/activity-types.ts';
import { forEachBounded } from './bounded.ts';
import { copyIfThere } from './copy-object.ts';
import { type JobClip, pictureOf, programmeOf, soundsOf } from './job-clips.ts';
import type { ControlServices } from './services.ts';

/** Copies in the store at a time. */
const copiesAtOnce = 16;

export type StockQuery = {
  readonly jobId: string;
  readonly plan: RenderPlan;
  /** Scenes that this job has done. */
  readonly done: ReadonlySet<number>;
  readonly cache: CacheUse;
  readonly signal: AbortSignal;
};

export type Stock = {
  readonly isProgrammeReady: boolean;
  /** Plan indices. Where the programme is ready, no scene lacks its sound. */
  readonly withoutPicture: ReadonlySet<number>;
  readonly withoutSound: ReadonlySet<number>;
  /** Scenes of which everything came from the cache just now. */
  readonly cached: ReadonlySet<number>;
};

/** The job's own copies say what it has: nobody can remove them under it, and what is damaged is removed from them. */
export async function takeStock(services: ControlServices, query: StockQuery): Promise<Stock> {
  const { jobId, plan, done, cache } = query;
  const held = await heldObjects(services, query);
  const has = ({ jobObject }: JobClip): boolean => held.has(jobObject);
  const taken = new Set<string>();
  const take = async (clips: readonly JobClip[]): Promise<void> => {
    // What an attempt before this one took from the cache is not done yet, and is taken again: it still counts as cached.
    const open = clips.filter((clip) => !has(clip) || (clip.index !== null && !done.has(clip.index)));
    if (cache === 'use') for (const key of await takeCached(services, query, open)) taken.add(key);
  };
  const programme = programmeOf(jobId, plan);
  await Promise.all([take([programme]), take(plan.scenes.map((scene) => pictureOf(jobId, scene)))]);
  const isTaken = ({ jobObject }: JobClip): boolean => taken.has(jobObject);
  const lacks = (clip: JobClip): boolean => !has(clip) && !isTaken(clip);
  const isProgrammeReady = !lacks(programme);
  const soundsNeeded = (scene: ScenePlan): readonly JobClip[] =>
    isProgrammeReady ? [] : soundsOf(jobId, [scene]);
  await take(plan.scenes.flatMap(soundsNeeded));
  const indicesOf = (test: (scene: ScenePlan) => boolean): ReadonlySet<number> =>
    new Set(plan.scenes.filter(test).map(({ index }) => index));
  return {
    isProgrammeReady,
    withoutPicture: indicesOf((scene) => lacks(pictureOf(jobId, scene))),
    withoutSound: indicesOf((scene) => soundsNeeded(scene).some(lacks)),
    cached: indicesOf((scene) => [pictureOf(jobId, scene), ...soundsNeeded(scene)].every(isTaken)),
  };
}

async function heldObjects(
  services: ControlServices,
  { jobId, signal }: StockQuery,
): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  for await (const { key } of services.store.list(objectKeys.intermediates(jobId), { signal })) held.add(key);
  return held;
}

/** Gives the job its own names for the clips that are there. Returns those names. */
async function takeCached(
  services: ControlServices,
  { signal }: StockQuery,
  clips: readonly JobClip[],
): Promise<ReadonlySet<string>> {
  const places = clips.map(({ key, cachedObject }) => ({ key, objectKey: cachedObject }));
  const known = await services.cache.lookup(places, { signal });
  const taken = new Set<string>();
  const found = clips.filter(({ key }) => known.has(key));
  await forEachBounded(found, copiesAtOnce, async ({ cachedObject: from, jobObject: to }) => {
    if (await copyIfThere(services.store, { from, to }, { signal })) taken.add(to);
  });
  return taken;
}
