import { closeSync, openSync, writeSync } from 'node:fs';
import type { PlacedStill } from '../plan-compiler/render-plan.ts';
import type { Bounds } from './bounds.ts';
import { unite } from './bounds.ts';
import type { Surface } from './draw-sketch.ts';
import type { Context } from './sketch.ts';

/** Rows that are read at once; 2 MiB of the widest surface. */
const bandRows = 64;

/** Writes the smallest rectangle that holds all visible ink, as straight RGBA; one clear pixel where there is none. */
export function writeStill(surface: Surface | null, path: string): PlacedStill {
  const ink = surface === null ? null : findInk(surface);
  const file = openSync(path, 'w');
  try {
    if (surface === null || ink === null) {
      writeFully(file, new Uint8Array(4));
      return { path, width: 1, height: 1, x: 0, y: 0 };
    }
    for (const band of bandsOf(ink)) {
      writeFully(file, readPixels(surface, band));
    }
    return {
      path,
      width: ink.right - ink.left,
      height: ink.bottom - ink.top,
      x: ink.left,
      y: ink.top,
    };
  } finally {
    closeSync(file);
  }
}

function findInk(surface: Surface): Bounds | null {
  let ink: Bounds | null = null;
  for (const band of bandsOf(surface.visible)) {
    const inBand = inkOfBand(readPixels(surface, band), band);
    if (inBand !== null) {
      ink = ink === null ? inBand : unite(ink, inBand);
    }
  }
  return ink;
}

function inkOfBand(pixels: Uint8ClampedArray, band: Bounds): Bounds | null {
  // Clear pixels are all zero, so a whole pixel is looked at in one step.
  const colors = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.byteLength / 4);
  const width = band.right - band.left;
  let ink: Bounds | null = null;
  for (let y = band.top; y < band.bottom; y += 1) {
    const start = (y - band.top) * width;
    const row = colors.subarray(start, start + width);
    const first = row.findIndex(isInk);
    if (first >= 0) {
      const last = row.findLastIndex(isInk);
      const inRow = { left: band.left + first, top: y, right: band.left + last + 1, bottom: y + 1 };
      ink = ink === null ? inRow : unite(ink, inRow);
    }
  }
  return ink;
}

function isInk(color: number): boolean {
  return color !== 0;
}

function bandsOf(bounds: Bounds): readonly Bounds[] {
  const count = Math.ceil((bounds.bottom - bounds.top) / bandRows);
  return Array.from({ length: count }, (_, index) => {
    const top = bounds.top + index * bandRows;
    return { ...bounds, top, bottom: Math.min(top + bandRows, bounds.bottom) };
  });
}

/** `getImageData` gives straight colours; the canvas's own buffer holds premultiplied ones. */
function readPixels({ pixels, bounds }: Surface, band: Bounds): Uint8ClampedArray {
  const context: Context = pixels.getContext('2d');
  return context.getImageData(
    band.left - bounds.left,
    band.top - bounds.top,
    band.right - band.left,
    band.bottom - band.top,
  ).data;
}

function writeFully(file: number, bytes: Uint8Array | Uint8ClampedArray): void {
  let written = 0;
  while (written < bytes.byteLength) {
    written += writeSync(file, bytes, written);
  }
}
