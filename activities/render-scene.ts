// Phase "rendering": the pictures of scenes, where the cache has none.
import { sceneJobId } from '../contract/names.ts';
import type { RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import type { CacheUse, JobRef, RenderedScene, SceneBatch, SceneRef } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { forEachBounded } from './bounded.ts';
import { checkRenderer } from './check-renderer.ts';
import { finishIfWhole } from './finish-if-whole.ts';
import { pictureOf } from './job-clips.ts';
import { refusePoison } from './lost-workers.ts';
import { makePicture, type PictureWork } from './make-picture.ts';
import { nameScene } from './name-scene.ts';
import { provideClip, type RenderedClip } from './provide-clip.ts';
import { ProgressReporter } from './scene-progress.ts';
import type { MediaServices } from './services.ts';
import { sideBySide } from './side-by-side.ts';
import { Turnstile } from './turnstile.ts';

export async function renderScene(
  services: MediaServices,
  { jobId, index, cache }: JobRef & SceneRef,
  run: ActivityRun,
): Promise<RenderedScene> {
  const order = await orderOf(services, { jobId, index, cache }, run);
  return { wasCached: await renderOne(services, { ...order, encoder: new Turnstile() }, run) };
}

/** While one scene is encoded, the one before it is written and stored and the next one is made ready; there is one encoder at a time. */
export async function renderScenes(
  services: MediaServices,
  { jobId, indices, cache }: JobRef & SceneBatch,
  run: ActivityRun,
): Promise<readonly RenderedScene[]> {
  const encoder = new Turnstile();
  const rendered: RenderedScene[] = [];
  await forEachBounded(indices, scenesAtOnce, async (index) => {
    run.signal.throwIfAborted();
    const order = await orderOf(services, { jobId, index, cache }, run);
    rendered.push({ wasCached: await renderOne(services, { ...order, encoder }, run) });
  });
  return rendered;
}

const scenesAtOnce = 3;

type SceneOrder = JobRef & {
  readonly plan: RenderPlan;
  readonly scene: ScenePlan;
  readonly cache: CacheUse;
};

async function orderOf(
  services: MediaServices,
  { jobId, index, cache }: JobRef & SceneRef,
  { signal }: ActivityRun,
): Promise<SceneOrder> {
  const { plan, scene } = await services.plans.scene({ jobId, index }, signal);
  checkRenderer(services, plan);
  return { jobId, plan, scene, cache };
}

/** Returns whether the picture came from the cache. */
async function renderOne(
  services: MediaServices,
  { jobId, plan, scene, cache, encoder }: SceneOrder & { readonly encoder: Turnstile },
  run: ActivityRun,
): Promise<boolean> {
  const rowId = sceneJobId(jobId, scene.index);
  const reporter = new ProgressReporter((progress, stage) =>
    services.jobs.reportScene(rowId, progress, stage),
  );
  const folder = await services.scratch.open(jobId, `scene_${scene.index}_${run.attempt}`);
  try {
    const wasCached = await provideClip(services, {
      clip: pictureOf(jobId, scene),
      cache,
      render: (held) =>
        encoder.pass((onEncoded) =>
          startAndMake(services, { plan, scene, folder, run: held, reporter, onEncoded }, rowId),
        ),
      run,
    });
    await reporter.settled();
    await finishIfWhole(services, { jobId, scene, provided: 'picture', wasCached });
    return wasCached;
  } catch (error) {
    throw nameScene(error, scene);
  } finally {
    await folder.remove();
  }
}

/** The row need not say so before FFmpeg starts, only before it says that the scene is done. */
async function startAndMake(
  services: MediaServices,
  work: PictureWork,
  rowId: string,
): Promise<RenderedClip> {
  const { attempt, signal, workersLost } = work.run;
  signal.throwIfAborted();
  // Of several scenes those before it are there already: what comes first is what the workers were lost with.
  refusePoison(workersLost, 'SCENE_RENDER_FAILED');
  const [, clip] = await sideBySide(
    signal,
    () => services.jobs.startScene(rowId, attempt),
    (either) => makePicture(services, { ...work, run: { ...work.run, signal: either } }),
  );
  return clip;
}
