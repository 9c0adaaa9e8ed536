// Phase "rendering": one scene's picture, where the cache has none.
import { sceneJobId } from '../contract/names.ts';
import type { JobRef, RenderedScene, SceneRef } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { checkRenderer } from './check-renderer.ts';
import { finishIfWhole } from './finish-if-whole.ts';
import { pictureOf } from './job-clips.ts';
import { makePicture } from './make-picture.ts';
import { nameScene } from './name-scene.ts';
import { provideClip } from './provide-clip.ts';
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
  const reporter = new ProgressReporter((progress, stage) =>
    services.jobs.reportScene(rowId, progress, stage),
  );
  const folder = await services.scratch.open(jobId, `scene_${index}_${run.attempt}`);
  try {
    const wasCached = await provideClip(services, {
      clip: pictureOf(jobId, scene),
      cache,
      render: async (held) => {
        await services.jobs.startScene(rowId, run.attempt);
        return makePicture(services, { plan, scene, folder, run: held, reporter });
      },
      run,
    });
    await reporter.settled();
    await finishIfWhole(services, { jobId, scene, wasCached });
    return { wasCached };
  } catch (error) {
    throw nameScene(error, scene);
  } finally {
    await folder.remove();
  }
}
