// How a scene's two clips are rendered.
import { renderPicture } from '../ffmpeg/render-picture.ts';
import { renderSound } from '../ffmpeg/render-sound.ts';
import { verifyClip } from '../ffmpeg/verify-clip.ts';
import type { PicturePlan, PlacedStill, RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { ScratchDirectory } from '../storage/scratch.ts';
import type { ActivityRun } from './activity-run.ts';
import { fetchSources, pictureSources, soundSources } from './fetch-sources.ts';
import type { ClipRecipe } from './provide-clip.ts';
import type { ProgressReporter } from './scene-progress.ts';
import { withScratchWatch } from './scratch-watch.ts';
import type { MediaServices } from './services.ts';

export type SceneWork = {
  readonly plan: RenderPlan;
  readonly scene: ScenePlan;
  /** Of this clip alone. */
  readonly folder: ScratchDirectory;
  readonly run: ActivityRun;
  readonly reporter: ProgressReporter;
  /** For error texts. */
  readonly what: string;
};

export function pictureClip(services: MediaServices, work: SceneWork): ClipRecipe {
  const { scene } = work;
  return {
    kind: 'picture',
    key: scene.pictureKey,
    cachedObject: objectKeys.cachedClip(scene.pictureKey),
    jobObject: (jobId) => objectKeys.sceneClip(jobId, scene.index),
    render: () => makePicture(services, work),
  };
}

export function soundClip(services: MediaServices, work: SceneWork): ClipRecipe {
  const { scene } = work;
  const { soundKey } = scene;
  if (soundKey === null) throw new Error('A silent scene has no sound clip.');
  return {
    kind: 'sound',
    key: soundKey,
    cachedObject: objectKeys.cachedSound(soundKey),
    jobObject: (jobId) => objectKeys.sceneSound(jobId, scene.index),
    render: () => makeSound(services, work),
  };
}

async function makePicture(
  services: MediaServices,
  work: SceneWork,
): Promise<{ path: string; length: number }> {
  const { plan, scene, folder, run, reporter, what } = work;
  const { picture } = scene;
  reporter.report(0, 'downloading_sources');
  const assets = await fetchSources(services, {
    plan,
    hashes: pictureSources(picture),
    folder,
    run,
  });
  const stills = await drawStills(services, picture, { folder, run });
  const path = folder.path('picture.mp4');
  await withScratchWatch(folder, run.signal, (signal) =>
    renderPicture(services.ffmpeg, {
      picture,
      output: plan.output,
      assets,
      stills,
      outputPath: path,
      skipFrames: services.skipFrames,
      what,
      signal,
      onProgress: (share) => reporter.report(share, 'encoding'),
    }),
  );
  await verifyClip(services.ffmpeg, {
    path,
    frames: picture.frames,
    output: plan.output,
    what,
    signal: run.signal,
  });
  return { path, length: picture.frames };
}

async function drawStills(
  services: MediaServices,
  picture: PicturePlan,
  { folder, run }: Pick<SceneWork, 'folder' | 'run'>,
): Promise<PlacedStill[]> {
  const drawn = picture.layers.filter((layer) => layer.kind === 'drawn');
  const drawings = drawn.map((layer, index) =>
    services.drawer.draw(layer.drawing, folder.path(`still_${index}.rgba`), run.signal),
  );
  await Promise.allSettled(drawings);
  return Promise.all(drawings);
}

async function makeSound(
  services: MediaServices,
  work: SceneWork,
): Promise<{ path: string; length: number }> {
  const { plan, scene, folder, run, what } = work;
  const { sound } = scene;
  if (sound === null) throw new Error('A silent scene has no sound clip.');
  const assets = await fetchSources(services, {
    plan,
    hashes: soundSources(sound.layers),
    folder,
    run,
  });
  const path = folder.path('sound.f32le');
  await renderSound(services.ffmpeg, {
    sound,
    output: plan.output,
    assets,
    outputPath: path,
    what,
    signal: run.signal,
  });
  return { path, length: sound.samples };
}
