// Phase "rendering": the sound of some scenes, each where the cache has none.
import type { RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import type { CacheUse, JobRef, SceneBatch } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { forEachBounded } from './bounded.ts';
import { checkRenderer } from './check-renderer.ts';
import { finishIfWhole } from './finish-if-whole.ts';
import { soundsOf } from './job-clips.ts';
import { makeSound } from './make-sound.ts';
import { nameScene } from './name-scene.ts';
import { provideClip } from './provide-clip.ts';
import type { MediaServices } from './services.ts';

/** While one run of FFmpeg decodes, another one's sources and result are on their way. */
const soundsAtOnce = 2;

export async function renderSounds(
  services: MediaServices,
  { jobId, indices, cache }: JobRef & SceneBatch,
  run: ActivityRun,
): Promise<void> {
  const plan = await services.plans.read(jobId, run.signal);
  checkRenderer(services, plan);
  await forEachBounded(indices, soundsAtOnce, async (index) => {
    run.signal.throwIfAborted();
    const { scene } = await services.plans.scene({ jobId, index }, run.signal);
    await renderOne(services, { jobId, plan, scene, cache }, run).catch((error: unknown) => {
      throw nameScene(error, scene);
    });
  });
}

type SceneSoundOrder = JobRef & {
  readonly plan: RenderPlan;
  readonly scene: ScenePlan;
  readonly cache: CacheUse;
};

async function renderOne(
  services: MediaServices,
  { jobId, plan, scene, cache }: SceneSoundOrder,
  run: ActivityRun,
): Promise<void> {
  const [clip] = soundsOf(jobId, [scene]);
  if (clip === undefined) return;
  const folder = await services.scratch.open(jobId, `sound_${scene.index}_${run.attempt}`);
  try {
    const wasCached = await provideClip(services, {
      clip,
      cache,
      render: (held) => makeSound(services, { plan, scene, folder, run: held }),
      run,
    });
    await finishIfWhole(services, { jobId, scene, provided: 'sound', wasCached });
  } finally {
    await folder.remove();
  }
}
