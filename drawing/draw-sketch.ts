import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { RenderError } from '../contract/errors.ts';
import type { Shadow } from '../plan-compiler/render-plan.ts';
import { type Bounds, grow, intersect, isEmpty, shift, unite, wholePixels } from './bounds.ts';
import { cssColor } from './paint.ts';
import { boundsOnCanvas, type Matrix, turnVector } from './place.ts';
import type { Context, Sketch } from './sketch.ts';

/** Pixels, and where on the film's canvas they lie. */
export type Surface = {
  readonly pixels: Canvas;
  /** Canvas pixels that the surface covers. */
  readonly bounds: Bounds;
  /** The part of them that can be seen. */
  readonly visible: Bounds;
};

/** 256 MiB; a canvas of the largest size that the contract allows. */
const surfacePixelsMax = 64 * 1024 * 1024;
/** A blur is spread over three standard deviations; CSS calls two of them its radius. */
const blurReach = 1.5;

/** Draws a sketch on a surface no larger than what can be seen of it (or casts a shadow into view); null: nothing can. */
export function drawSketch(sketch: Sketch): Surface | null {
  const bounds = surfaceBounds(sketch);
  const visible = intersect(bounds, sketch.canvas);
  if (isEmpty(visible)) {
    return null;
  }
  const pixels = blankCanvas(bounds);
  const context = pixels.getContext('2d');
  const { ground, figure, shadow } = sketch;
  if (ground !== null) {
    drawPlaced(context, sketch.matrix, { bounds, draw: ground });
  }
  if (shadow === null) {
    drawPlaced(context, sketch.matrix, { bounds, draw: figure });
  } else {
    // The figure's own parts must not cast shadows on each other, so it is drawn apart and laid down as one picture.
    const layer = blankCanvas(bounds);
    drawPlaced(layer.getContext('2d'), sketch.matrix, { bounds, draw: figure });
    setShadow(context, shadow, sketch.matrix);
    context.drawImage(layer, 0, 0);
  }
  return { pixels, bounds, visible };
}

function surfaceBounds({ matrix, ink, canvas, shadow }: Sketch): Bounds {
  const drawn = boundsOnCanvas(matrix, ink);
  if (shadow === null) {
    return wholePixels(intersect(drawn, canvas));
  }
  const offset = turnVector(matrix, shadow);
  const blur = shadow.blur * blurReach + 1;
  const shaded = unite(drawn, grow(shift(drawn, offset), blur));
  // What lies outside the canvas may cast its shadow into it.
  const casting = grow(canvas, blur + Math.max(Math.abs(offset.x), Math.abs(offset.y)));
  return wholePixels(intersect(shaded, casting));
}

function blankCanvas(bounds: Bounds): Canvas {
  const width = bounds.right - bounds.left;
  const height = bounds.bottom - bounds.top;
  if (width * height > surfacePixelsMax) {
    throw new RenderError('VALIDATION_ERROR', `A drawing would take ${width} × ${height} pixels.`, {
      hint: `At most ${surfacePixelsMax} pixels are drawn at once; make the layer or its shadow smaller.`,
    });
  }
  return createCanvas(width, height);
}

function drawPlaced(
  context: Context,
  matrix: Matrix,
  { bounds, draw }: { readonly bounds: Bounds; readonly draw: (context: Context) => void },
): void {
  const { a, b, c, d, e, f } = matrix;
  context.save();
  context.setTransform(a, b, c, d, e - bounds.left, f - bounds.top);
  draw(context);
  context.restore();
}

/** Shadows ignore the canvas's transform; ours turn with the drawing, as in CSS. */
function setShadow(context: Context, shadow: Shadow, matrix: Matrix): void {
  const offset = turnVector(matrix, shadow);
  context.shadowColor = cssColor(shadow.color);
  context.shadowBlur = shadow.blur;
  context.shadowOffsetX = offset.x;
  context.shadowOffsetY = offset.y;
}
