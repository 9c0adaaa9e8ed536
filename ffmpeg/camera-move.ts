import type { OutputSpec, PictureLayer, PicturePlan } from '../plan-compiler/render-plan.ts';
import { spanFrames, visibleSpan } from './layer-span.ts';

type Picture = { readonly picture: PicturePlan; readonly output: Pick<OutputSpec, 'width' | 'height'> };

/** Of the canvas, and of the part's frames. */
const mostOf = 0.5;

/**
 * Whether most of the canvas is a still picture that a camera moves over, most of the time, with no video as large: from frame to
 * frame such a picture changes little and evenly, and is best guessed from both sides.
 */
export function isCameraMove({ picture, output }: Picture): boolean {
  const large = picture.layers.filter((layer) => boxPixels(layer) >= mostOf * output.width * output.height);
  if (large.some(({ kind }) => kind === 'video')) return false;
  return large.some(
    (layer) =>
      layer.kind === 'image' &&
      layer.motion !== null &&
      spanFrames(visibleSpan(layer, picture.frames)) >= mostOf * picture.frames,
  );
}

/** Of what is in the layer's box, on the canvas or not; drawings do not move. */
function boxPixels(layer: PictureLayer): number {
  if (layer.kind === 'drawn') return 0;
  const { width, height } = layer.framing.cut;
  return width * height;
}
