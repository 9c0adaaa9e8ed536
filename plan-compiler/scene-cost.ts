import { encodedFrames, pictureRuns } from './picture-runs.ts';
import type { OutputSpec, PictureLayer, PicturePlan, PlanAsset, SoundPlan } from './render-plan.ts';

/**
 * CPU milliseconds of one rendered part, roughly: measured on one core with x264 veryfast, a 1080p frame takes 10 ms to
 * encode and 3.7 ms to decode, a slow move over a picture 12 ms, a process 60 ms to start. Placing a layer is taken as 3 ns a
 * pixel and mixing a sound as 20 ns a sample. It orders the work and weighs progress; nothing breaks where it is wrong.
 */
const START_MS = 60;
const NS = { encode: 5, decode: 1.8, move: 6, place: 3, mix: 20 } as const;

export function sceneCost(
  { picture, sound }: { readonly picture: PicturePlan; readonly sound: SoundPlan | null },
  output: OutputSpec,
  assets: ReadonlyMap<string, PlanAsset>,
): number {
  const canvasPixels = output.width * output.height;
  // Frames that repeat the one before cost next to nothing, in the encoder as on the canvas.
  const frames = encodedFrames(pictureRuns(picture, output));
  const encoded = frames * canvasPixels * NS.encode;
  const composed = picture.layers.reduce(
    (sum, layer) => sum + layerCost(layer, { picture, canvasPixels, assets }),
    0,
  );
  const layers = picture.frames === 0 ? 0 : composed * (frames / picture.frames);
  const heard = sound?.layers.reduce((sum, layer) => sum + layer.samples * NS.mix, 0) ?? 0;
  return Math.round(START_MS + (encoded + layers + heard) / 1e6);
}

function layerCost(
  layer: PictureLayer,
  scene: {
    readonly picture: PicturePlan;
    readonly canvasPixels: number;
    readonly assets: ReadonlyMap<string, PlanAsset>;
  },
): number {
  const end = Math.min(layer.firstFrame + layer.frames, scene.picture.frames);
  const frames = end - Math.max(0, layer.firstFrame);
  const isMoving = layer.kind === 'image' && layer.motion !== null;
  const placing = isMoving ? NS.place + NS.move : NS.place;
  const placed = frames * placedPixels(layer, scene.canvasPixels) * placing;
  if (layer.kind !== 'video') return placed;
  const video = scene.assets.get(layer.asset)?.video;
  const sourcePixels = video === null || video === undefined ? 0 : video.width * video.height;
  return placed + frames * sourcePixels * NS.decode;
}

function placedPixels(layer: PictureLayer, canvasPixels: number): number {
  if (layer.kind !== 'drawn') return layer.framing.cut.width * layer.framing.cut.height;
  const { width, height } = layer.drawing;
  // How large a text is, is known once it is drawn: taken as a fifth of the canvas.
  return width === null || height === null ? canvasPixels / 5 : width * height;
}
