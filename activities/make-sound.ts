import { renderSound } from '../ffmpeg/render-sound.ts';
import type { RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import type { ScratchDirectory } from '../storage/scratch.ts';
import type { ActivityRun } from './activity-run.ts';
import { fetchSources, soundSources } from './fetch-sources.ts';
import type { RenderedClip } from './provide-clip.ts';
import { withScratchWatch } from './scratch-watch.ts';
import type { MediaServices } from './services.ts';

export type SoundWork = {
  readonly plan: RenderPlan;
  readonly scene: ScenePlan;
  readonly folder: ScratchDirectory;
  readonly run: ActivityRun;
};

/** A scene's sound, from its sources to the checked clip in the scratch folder. */
export async function makeSound(
  services: MediaServices,
  { plan, scene, folder, run }: SoundWork,
): Promise<RenderedClip> {
  const { sound, sceneId } = scene;
  if (sound === null) throw new Error('A silent scene has no sound clip.');
  const assets = await fetchSources(services, {
    plan,
    hashes: soundSources(sound.layers),
    folder,
    run,
  });
  const path = folder.path('sound.f32le');
  await withScratchWatch(folder, run.signal, (signal) =>
    services.memory.run(signal, (ffmpeg) =>
      renderSound(ffmpeg, {
        sound,
        output: plan.output,
        assets,
        outputPath: path,
        what: `scene ${sceneId}`,
        signal,
      }),
    ),
  );
  return { path, length: sound.samples };
}
