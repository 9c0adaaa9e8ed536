// Places on the canvas: lengths to pixels, anchors, boxes and their rotation. Angles are degrees clockwise, y grows downwards.
import type { Anchor } from '../contract/layer-properties.ts';
import type { IssueLog } from './issue-log.ts';

export type Size = { readonly width: number; readonly height: number };
export type Point = { readonly x: number; readonly y: number };

/** A layer's box before rotation. Its size is whole pixels; its place is rounded only when the picture is put there. */
export type LayerBox = Size & { readonly left: number; readonly top: number };

/** Larger pictures would fill a worker's memory for pixels that no one sees. */
export const BOX_PIXELS_MAX = 16_384;

type Length = number | string;

type Placed = {
  readonly x: Length;
  readonly y: Length;
  readonly anchor: Anchor;
  readonly width: Length;
  readonly height: Length;
};

/** Pixels of a length: a number as it is, "50%" as a share of the canvas axis. */
export function pixelsOf(length: Length, axis: number): number {
  return typeof length === 'number' ? length : trim((Number.parseFloat(length) / 100) * axis);
}

/** The box that a layer asks for. Sizes that cannot be drawn are reported. */
export function layerBox(
  layer: Placed,
  canvas: Size,
  site: { readonly path: string; readonly log: IssueLog },
): LayerBox {
  const width = boxSide(layer.width, canvas.width, { log: site.log, path: `${site.path}.width` });
  const height = boxSide(layer.height, canvas.height, { log: site.log, path: `${site.path}.height` });
  const anchor = anchorPoint(layer.anchor);
  return {
    width,
    height,
    left: pixelsOf(layer.x, canvas.width) - anchor.x * width,
    top: pixelsOf(layer.y, canvas.height) - anchor.y * height,
  };
}

/** Whole pixels of one side of a box, at least one; what is nothing or far too much is reported. */
export function boxSide(
  length: Length,
  axis: number,
  site: { readonly path: string; readonly log: IssueLog },
): number {
  const pixels = pixelsOf(length, axis);
  if (pixels > 0 && pixels <= BOX_PIXELS_MAX) return Math.max(1, Math.round(pixels));
  site.log.report({
    code: 'size-out-of-range',
    path: site.path,
    message: `The layer would be ${trim(pixels)} pixels long on this side.`,
    hint: `Give more than 0 and at most ${BOX_PIXELS_MAX} pixels.`,
  });
  return 1;
}

/** The anchor as fractions of the layer's width and height. */
export function anchorPoint(anchor: Anchor): Point {
  if (typeof anchor !== 'string') return { x: anchor[0], y: anchor[1] };
  return { x: fraction(anchor, 'left', 'right'), y: fraction(anchor, 'top', 'bottom') };
}

/** The angle within [0, 360). */
export function normalDegrees(degrees: number): number {
  const rest = degrees % 360;
  return rest < 0 ? rest + 360 : rest + 0;
}

/** Where a point goes when it turns about a centre. */
export function turnPoint(point: Point, centre: Point, degrees: number): Point {
  const { sin, cos } = turn(degrees);
  const [x, y] = [point.x - centre.x, point.y - centre.y];
  return { x: centre.x + x * cos - y * sin, y: centre.y + x * sin + y * cos };
}

/** The even-sided box that holds a rotated picture, with a pixel of margin on each side for the smoothed edge. */
export function rotatedBounds(size: Size, degrees: number): Size {
  const { sin, cos } = turn(degrees);
  const side = (along: number, across: number): number =>
    evenAtLeast(Math.ceil(trim(Math.abs(along * cos) + Math.abs(across * sin))) + 2);
  return { width: side(size.width, size.height), height: side(size.height, size.width) };
}

/** Without the noise of binary fractions: six decimals are far below a pixel. */
function trim(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}

function fraction(name: string, low: string, high: string): number {
  if (name.includes(low)) return 0;
  return name.includes(high) ? 1 : 0.5;
}

// Trimmed, since sin and cos of quarter turns are not exactly 0 and 1, and differ in the last digit between machines.
function turn(degrees: number): { readonly sin: number; readonly cos: number } {
  const radians = (degrees * Math.PI) / 180;
  return {
    sin: Math.round(Math.sin(radians) * 1e12) / 1e12,
    cos: Math.round(Math.cos(radians) * 1e12) / 1e12,
  };
}

function evenAtLeast(value: number): number {
  return value + (value % 2);
}
