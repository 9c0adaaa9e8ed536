// Small drawings for tests: each test names only what it is about.
import { type FontFace, loadFontCatalogue } from '../../../drawing/index.ts';
import type {
  DrawingPlace,
  FontReference,
  Rgba,
  ShapeDrawing,
  TextDrawing,
} from '../../../plan-compiler/render-plan.ts';

export const red: Rgba = { r: 255, g: 0, b: 0, a: 255 };
export const blue: Rgba = { r: 0, g: 0, b: 255, a: 255 };
export const green: Rgba = { r: 0, g: 255, b: 0, a: 255 };
export const white: Rgba = { r: 255, g: 255, b: 255, a: 255 };
export const black: Rgba = { r: 0, g: 0, b: 0, a: 255 };
export const clear: Rgba = { r: 0, g: 0, b: 0, a: 0 };

export const noPadding = { top: 0, right: 0, bottom: 0, left: 0 };

/** Top left at (x, y), upright. */
export function placeAt(x: number, y: number, changes: Partial<DrawingPlace> = {}): DrawingPlace {
  return { x, y, anchorX: 0, anchorY: 0, rotation: 0, flipH: false, flipV: false, ...changes };
}

export function shapeOf(changes: Partial<ShapeDrawing> = {}): ShapeDrawing {
  return {
    type: 'shape',
    place: placeAt(10, 20),
    width: 40,
    height: 20,
    shape: 'rectangle',
    fill: { type: 'solid', color: red },
    border: null,
    radius: 0,
    shadow: null,
    ...changes,
  };
}

export function textOf(text: string, changes: Partial<TextDrawing> = {}): TextDrawing {
  return {
    type: 'text',
    place: placeAt(20, 20),
    width: null,
    height: null,
    canvas: { width: 640, height: 360 },
    text,
    fonts: [],
    fontSize: 20,
    color: white,
    align: 'left',
    verticalAlign: 'top',
    direction: 'ltr',
    lineHeight: 1.2,
    letterSpacing: 0,
    wrap: 'word',
    maxLines: null,
    overflow: 'visible',
    padding: noPadding,
    background: null,
    stroke: null,
    shadow: null,
    ...changes,
  };
}

/** One upright face of each family, in the catalogue's order: what the compiler gives a text. */
export async function fallbackFonts(weight = 400): Promise<readonly FontReference[]> {
  const byFamily = new Map<string, FontFace>();
  for (const face of await loadFontCatalogue()) {
    const isNearer = !byFamily.has(face.family) || face.weight === weight;
    if (face.style === 'normal' && isNearer) {
      byFamily.set(face.family, face);
    }
  }
  return [...byFamily.values()].map(({ family, weight: found, style, sha256 }) => ({
    family,
    weight: found,
    style,
    sha256,
  }));
}

export async function fontOf(family: string, weight = 400): Promise<FontReference> {
  const found = (await fallbackFonts(weight)).find((font) => font.family === family);
  if (found === undefined) {
    throw new Error(`No font ${family}.`);
  }
  return found;
}
