import { makeThumbnail } from '../ffmpeg/make-thumbnail.ts';
import { framesPerSecond } from '../plan-compiler/frame-time.ts';
import type { RenderPlan } from '../plan-compiler/render-plan.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { Assembly } from './assembly.ts';
import { pictureOf } from './job-clips.ts';
import type { MediaServices } from './services.ts';

const widthMax = 640;
/** All pictures before it are decoded, from the clip's start; by then a scene has usually faded in. */
const secondsIntoSceneMax = 1;

/** A picture of the scene at a third of the film, taken from the scene's clip: the film itself need not be there yet. Resolves with its SHA-256. */
export async function storeThumbnail(
  services: MediaServices,
  { jobId, plan, folder }: Assembly,
  signal: AbortSignal,
): Promise<string> {
  const { scene, atSeconds } = chooseStill(plan);
  const outputPath = folder.path('thumbnail.jpg');
  const clipPath = folder.path(pictureOf(jobId, scene).fileName);
  await services.memory.run(signal, (ffmpeg) =>
    makeThumbnail(ffmpeg, { clipPath, atSeconds, widthMax, outputPath, signal }),
  );
  const stored = await services.store.putFile(objectKeys.assembled(jobId, 'thumbnail.jpg'), outputPath, {
    contentType: 'image/jpeg',
    signal,
  });
  return stored.sha256;
}

function chooseStill(plan: RenderPlan): {
  readonly scene: RenderPlan['scenes'][number];
  readonly atSeconds: number;
} {
  const frame = Math.floor(plan.totalFrames / 3);
  const scene = plan.scenes.findLast(({ startFrame }) => startFrame <= frame);
  if (scene === undefined) throw new Error('The plan has no scenes.');
  // Half a frame early, so that no rounding of the seconds skips the picture that is meant.
  const intoScene = Math.max(0, frame - scene.startFrame - 0.5) / framesPerSecond(plan.output.fps);
  return { scene, atSeconds: Math.min(intoScene, secondsIntoSceneMax) };
}
