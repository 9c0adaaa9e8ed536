import { readFileSync } from 'node:fs';
import type { PlacedStill } from '../../../plan-compiler/render-plan.ts';

type Pixel = readonly [r: number, g: number, b: number, a: number];

/** A still's pixels, asked for by their place on the canvas; clear outside of the still. */
export type StillReader = PlacedStill & {
  readonly bytes: Buffer;
  at(x: number, y: number): Pixel;
  /** The smallest rectangle on the canvas that holds the pixels wanted; null: there are none. */
  boundsWhere(isWanted: (pixel: Pixel) => boolean): Edges | null;
};

export type Edges = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

export function readStill(still: PlacedStill): StillReader {
  const bytes = readFileSync(still.path);
  if (bytes.length !== still.width * still.height * 4) {
    throw new Error(`The file holds ${bytes.length} bytes, not ${still.width} × ${still.height} pixels.`);
  }
  const at = (x: number, y: number): Pixel => {
    const column = x - still.x;
    const row = y - still.y;
    const isInside = column >= 0 && row >= 0 && column < still.width && row < still.height;
    const offset = (row * still.width + column) * 4;
    const [r = 0, g = 0, b = 0, a = 0] = isInside ? bytes.subarray(offset, offset + 4) : [];
    return [r, g, b, a];
  };
  return { ...still, bytes, at, boundsWhere: (isWanted) => findBounds(still, (x, y) => isWanted(at(x, y))) };
}

function findBounds(still: PlacedStill, isWantedAt: (x: number, y: number) => boolean): Edges | null {
  const edges = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let y = still.y; y < still.y + still.height; y += 1) {
    for (let x = still.x; x < still.x + still.width; x += 1) {
      if (isWantedAt(x, y)) {
        edges.left = Math.min(edges.left, x);
        edges.top = Math.min(edges.top, y);
        edges.right = Math.max(edges.right, x + 1);
        edges.bottom = Math.max(edges.bottom, y + 1);
      }
    }
  }
  return edges.left === Infinity ? null : edges;
}
