import { GlobalFonts } from '@napi-rs/canvas';
import { RenderError } from '../contract/errors.ts';
import type { FontReference, Hash } from '../plan-compiler/render-plan.ts';

/** Where each font that may be drawn with lies, by content hash. */
export type FontPaths = ReadonlyMap<Hash, string>;

/**
 * The fonts as names for `font-family`, in order. Each file has a name of its own made from its hash, so Skia neither picks
 * a family or weight for us nor falls back to a font that is not in the list.
 */
export function fontFamilies(fonts: readonly FontReference[], paths: FontPaths): readonly string[] {
  if (fonts.length === 0) {
    throw new RenderError('VALIDATION_ERROR', 'A text names no font.');
  }
  return fonts.map((font) => registeredName(font, paths));
}

function registeredName(font: FontReference, paths: FontPaths): string {
  const name = `scenemill-${font.sha256}`;
  // Registered fonts belong to the process: another drawing thread may have brought this one.
  if (GlobalFonts.has(name)) {
    return `"${name}"`;
  }
  const title = `${font.family} ${font.weight} ${font.style}`;
  const path = paths.get(font.sha256);
  if (path === undefined) {
    throw new RenderError('ASSET_UNAVAILABLE', `The font ${title} is not on this worker.`, {
      hint: 'Workers must have the same fonts as the planner.',
    });
  }
  if (GlobalFonts.registerFromPath(path, name) === null) {
    throw new RenderError('ASSET_UNAVAILABLE', `The font file of ${title} could not be read.`);
  }
  return `"${name}"`;
}
