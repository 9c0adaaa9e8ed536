// Phase "dispatching": a row for every scene, and which of them have been rendered before.
import { qualityPresets, sceneJobId } from '../contract/names.ts';
import type { RenderOptions } from '../contract/submission.ts';
import type { RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { ClipPlace } from '../storage/scene-cache.ts';
import type { DispatchedScenes, JobRef } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { forEachBounded } from './bounded.ts';
import { reportCache } from './cache-report.ts';
import { copyIfThere } from './copy-object.ts';
import { requireSubmission } from './job-submission.ts';
import type { ControlServices } from './services.ts';

/** Copies in the store at a time. */
const copiesAtOnce = 16;

export async function dispatchScenes(
  services: ControlServices,
  { jobId }: JobRef,
  run: ActivityRun,
): Promise<DispatchedScenes> {
  const { job, submission } = await requireSubmission(services.jobs, jobId);
  const { renderOptions } = submission;
  await services.jobs.enterPhase(jobId, 'running', 'dispatching', 'loading_project');
  const plan = await services.plans.read(jobId);
  const isDone = await doneScenes(services, jobId);
  const cached =
    renderOptions.cache === 'use'
      ? await takeCached(services, { jobId, plan, isDone, run })
      : new Set<number>();
  await createRows(services, { jobId, plan, cached });
  await reportCache(services, { job, plan, cached, cache: renderOptions.cache });
  const pending = plan.scenes.filter(({ index }) => !cached.has(index) && !isDone.has(index));
  return {
    pending: [...pending].sort((a, b) => b.cost - a.cost || a.index - b.index).map(({ index }) => index),
    concurrency: concurrencyOf(renderOptions),
    cache: renderOptions.cache,
  };
}

function concurrencyOf(options: RenderOptions): number {
  return options.requestedConcurrency ?? qualityPresets[options.qualityPreset];
}

/** Scenes that an earlier run of this job has done. */
async function doneScenes(services: ControlServices, jobId: string): Promise<ReadonlySet<number>> {
  const rows = await services.jobs.scenes(jobId);
  return new Set(
    rows.flatMap((row) => (row.status === 'done' && row.sceneIndex !== null ? [row.sceneIndex] : [])),
  );
}

type CacheQuery = {
  readonly jobId: string;
  readonly plan: RenderPlan;
  readonly isDone: ReadonlySet<number>;
  readonly run: ActivityRun;
};

/** Gives the job its own names for the clips that are there, so that nobody can remove them under it. */
async function takeCached(services: ControlServices, query: CacheQuery): Promise<Set<number>> {
  const open = query.plan.scenes.filter(({ index }) => !query.isDone.has(index));
  const known = await services.cache.lookup(open.flatMap(clipPlaces));
  const cached = new Set<number>();
  const complete = open.filter((scene) => clipPlaces(scene).every(({ key }) => known.has(key)));
  await forEachBounded(complete, copiesAtOnce, async (scene) => {
    query.run.signal.throwIfAborted();
    if (await copyClips(services.store, query.jobId, scene)) cached.add(scene.index);
  });
  return cached;
}

function clipPlaces({ pictureKey, soundKey }: ScenePlan): ClipPlace[] {
  const picture = { key: pictureKey, objectKey: objectKeys.cachedClip(pictureKey) };
  return soundKey === null
    ? [picture]
    : [picture, { key: soundKey, objectKey: objectKeys.cachedSound(soundKey) }];
}

async function copyClips(
  store: ObjectStore,
  jobId: string,
  { index, pictureKey, soundKey }: ScenePlan,
): Promise<boolean> {
  const hasPicture = await copyIfThere(
    store,
    objectKeys.cachedClip(pictureKey),
    objectKeys.sceneClip(jobId, index),
  );
  if (!hasPicture || soundKey === null) return hasPicture;
  return copyIfThere(store, objectKeys.cachedSound(soundKey), objectKeys.sceneSound(jobId, index));
}

type Rows = { readonly jobId: string; readonly plan: RenderPlan; readonly cached: ReadonlySet<number> };

async function createRows(services: ControlServices, { jobId, plan, cached }: Rows): Promise<void> {
  const scenes = plan.scenes.map((scene) => ({
    jobId: sceneJobId(jobId, scene.index),
    sceneId: scene.sceneId,
    sceneIndex: scene.index,
    isCached: cached.has(scene.index),
    weight: scene.cost,
  }));
  await services.jobs.createScenes(jobId, scenes);
}
