// Phase "rendering": one scene's picture and sound, each only where the cache has none.
import { RenderError } from '../contract/errors.ts';
import { sceneJobId } from '../contract/names.ts';
import type { RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import type { JobRef, RenderedScene, SceneRef } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { provideClip } from './provide-clip.ts';
import { pictureClip, soundClip } from './scene-clips.ts';
import { ProgressReporter } from './scene-progress.ts';
import type { MediaServices } from './services.ts';

export async function renderScene(
  services: MediaServices,
  input: JobRef & SceneRef,
  run: ActivityRun,
): Promise<RenderedScene> {
  const { jobId, index, cache } = input;
  const { plan, scene } = await services.plans.scene(jobId, index);
  checkRenderer(services, plan);
  const rowId = sceneJobId(jobId, index);
  await services.jobs.startScene(rowId, run.attempt);
  const reporter = new ProgressReporter((progress, stage) =>
    services.jobs.reportScene(rowId, progress, stage),
  );
  const folder = await services.scratch.open(jobId, `scene_${index}_${run.attempt}`);
  const soundFolder = await services.scratch.open(jobId, `scene_${index}_${run.attempt}_sound`);
  try {
    const work = { plan, scene, run, reporter, what: `scene ${scene.sceneId}` };
    const order = { jobId, cache, signal: run.signal };
    const jobs = [
      provideClip(services, { ...order, clip: pictureClip(services, { ...work, folder }) }),
      ...(scene.soundKey === null
        ? []
        : [provideClip(services, { ...order, clip: soundClip(services, { ...work, folder: soundFolder }) })]),
    ];
    const wasCached = (await allAtRest(jobs)).every(Boolean);
    await reporter.settled();
    await services.jobs.finishScene(rowId, wasCached);
    return { wasCached };
  } catch (error) {
    throw nameScene(error, scene);
  } finally {
    await Promise.all([folder.remove(), soundFolder.remove()]);
  }
}

/** A clip rendered by another FFmpeg would not be the one that its key promises. */
function checkRenderer(services: MediaServices, plan: RenderPlan): void {
  if (plan.output.renderer === services.renderer) return;
  throw new RenderError(
    'INTERNAL',
    'The plan was made for another version of FFmpeg or scenemill than this worker has.',
    {
      retryable: true,
      hint: 'Run the same image on all workers; the job goes on when such a worker takes it.',
    },
  );
}

/** Waits for all, so that nothing writes into the scratch folder any more, then fails with the first failure. */
async function allAtRest<Value>(promises: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

function nameScene(error: unknown, scene: ScenePlan): unknown {
  if (!(error instanceof RenderError)) return error;
  return new RenderError(error.code, error.message, {
    ...error.context,
    retryable: error.retryable,
    sceneId: scene.sceneId,
    sceneIndex: scene.sceneIndex,
  });
}
