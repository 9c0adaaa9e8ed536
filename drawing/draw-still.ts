import type { Drawing, PlacedStill } from '../plan-compiler/render-plan.ts';
import { sketchShape } from './draw-shape.ts';
import { drawSketch } from './draw-sketch.ts';
import { sketchText } from './draw-text.ts';
import type { FontPaths } from './font-files.ts';
import type { Sketch } from './sketch.ts';
import { writeStill } from './still-file.ts';

/** Draws one still into a file. Synchronous, and up to hundreds of milliseconds long: only for the drawing thread. */
export function drawStill(drawing: Drawing, path: string, fonts: FontPaths): PlacedStill {
  return writeStill(drawSketch(sketchOf(drawing, fonts)), path);
}

function sketchOf(drawing: Drawing, fonts: FontPaths): Sketch {
  switch (drawing.type) {
    case 'text':
      return sketchText(drawing, fonts);
    case 'shape':
      return sketchShape(drawing);
    default:
      return drawing satisfies never;
  }
}
