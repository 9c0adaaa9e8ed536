// Where a drawing's box lies on the canvas: anchored, flipped, then turned about its centre.
import type { DrawingPlace } from '../plan-compiler/render-plan.ts';
import type { Bounds } from './bounds.ts';

/** Maps box pixels to canvas pixels: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
};

type Size = { readonly width: number; readonly height: number };
type Point = { readonly x: number; readonly y: number };

/** The way from the pixels of a box of this size to those of the canvas. */
export function placeBox(place: DrawingPlace, size: Size): Matrix {
  const { cosine, sine } = directionOf(place.rotation);
  const anchored = {
    x: place.x + (0.5 - place.anchorX) * size.width,
    y: place.y + (0.5 - place.anchorY) * size.height,
  };
  const center = isUpright(place) ? onWholePixels(anchored, turned(size, cosine)) : anchored;
  const flipX = place.flipH ? -1 : 1;
  const flipY = place.flipV ? -1 : 1;
  const a = cosine * flipX;
  const b = sine * flipX;
  const c = -sine * flipY;
  const d = cosine * flipY;
  const { width, height } = size;
  return {
    a,
    b,
    c,
    d,
    e: center.x - (a * width + c * height) / 2,
    f: center.y - (b * width + d * height) / 2,
  };
}

/** Turned by a multiple of 90°, so its edges run along the pixels. */
export function isUpright(place: DrawingPlace): boolean {
  const { cosine, sine } = directionOf(place.rotation);
  return cosine === 0 || sine === 0;
}

/** The upright rectangle on the canvas that holds a rectangle of the box. */
export function boundsOnCanvas(matrix: Matrix, box: Bounds): Bounds {
  const corners = [
    mapPoint(matrix, { x: box.left, y: box.top }),
    mapPoint(matrix, { x: box.right, y: box.top }),
    mapPoint(matrix, { x: box.left, y: box.bottom }),
    mapPoint(matrix, { x: box.right, y: box.bottom }),
  ];
  const across = corners.map((corner) => corner.x);
  const down = corners.map((corner) => corner.y);
  return {
    left: Math.min(...across),
    top: Math.min(...down),
    right: Math.max(...across),
    bottom: Math.max(...down),
  };
}

/** A direction of the box as seen on the canvas; no place, so nothing is added. */
export function turnVector(matrix: Matrix, vector: Point): Point {
  return {
    x: matrix.a * vector.x + matrix.c * vector.y,
    y: matrix.b * vector.x + matrix.d * vector.y,
  };
}

function mapPoint(matrix: Matrix, point: Point): Point {
  const turnedPoint = turnVector(matrix, point);
  return { x: turnedPoint.x + matrix.e, y: turnedPoint.y + matrix.f };
}

function directionOf(degrees: number): { readonly cosine: number; readonly sine: number } {
  const radians = ((degrees % 360) * Math.PI) / 180;
  return { cosine: exactly(Math.cos(radians)), sine: exactly(Math.sin(radians)) };
}

/** cos 90° comes out as 6e-17; it has to be 0 for edges to stay sharp. */
function exactly(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) < 1e-9 ? nearest + 0 : value;
}

function turned(size: Size, cosine: number): Size {
  return cosine === 0 ? { width: size.height, height: size.width } : size;
}

/** A box between pixels would have blurred edges; its top left goes to the nearest whole pixel. */
function onWholePixels(center: Point, size: Size): Point {
  return {
    x: Math.round(center.x - size.width / 2) + size.width / 2,
    y: Math.round(center.y - size.height / 2) + size.height / 2,
  };
}
