import { rm } from 'node:fs/promises';
import { renderPicture } from '../ffmpeg/render-picture.ts';
import type { PicturePlan, PlacedStill, RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import type { ScratchDirectory } from '../storage/scratch.ts';
import type { ActivityRun } from './activity-run.ts';
import { fetchSources, pictureSources } from './fetch-sources.ts';
import type { RenderedClip } from './provide-clip.ts';
import type { ProgressReporter } from './scene-progress.ts';
import { withScratchWatch } from './scratch-watch.ts';
import type { MediaServices } from './services.ts';

export type PictureWork = {
  readonly plan: RenderPlan;
  readonly scene: ScenePlan;
  readonly folder: ScratchDirectory;
  readonly run: ActivityRun;
  readonly reporter: ProgressReporter;
  /** FFmpeg has ended well; what is left is ours and takes some milliseconds. */
  readonly onEncoded?: () => void;
};

/** A scene's picture, from its sources to the checked clip in the scratch folder. */
export async function makePicture(services: MediaServices, work: PictureWork): Promise<RenderedClip> {
  const { plan, scene, folder, run, reporter } = work;
  const { picture } = scene;
  const what = `scene ${scene.sceneId}`;
  const assets = await fetchSources(services, {
    plan,
    hashes: pictureSources(picture),
    folder,
    run,
  });
  const stills = await drawStills(services, picture, { folder, run });
  const path = folder.path('picture.mp4');
  await withScratchWatch(folder, run.signal, (signal) =>
    services.memory.run(signal, async (ffmpeg) => {
      // What a first try left behind, before the second one that has more memory.
      await rm(path, { force: true });
      await renderPicture(ffmpeg, {
        picture,
        output: plan.output,
        assets,
        stills,
        outputPath: path,
        skipFrames: services.skipFrames,
        what,
        signal,
        onProgress: (share) => reporter.report(share, 'encoding'),
        onEncoded: work.onEncoded,
      });
    }),
  );
  return { path, length: picture.frames };
}

async function drawStills(
  services: MediaServices,
  picture: PicturePlan,
  { folder, run }: Pick<PictureWork, 'folder' | 'run'>,
): Promise<PlacedStill[]> {
  const drawn = picture.layers.filter((layer) => layer.kind === 'drawn');
  const drawings = drawn.map((layer, index) =>
    services.drawer.draw(layer.drawing, folder.path(`still_${index}.rgba`), run.signal),
  );
  await Promise.allSettled(drawings);
  return Promise.all(drawings);
}
