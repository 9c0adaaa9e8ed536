import type { TextDrawing } from '../plan-compiler/render-plan.ts';
import { type Bounds, grow, unite, wholePixels } from './bounds.ts';
import { type FontPaths, fontFamilies } from './font-files.ts';
import { layoutText, type PlacedLine, type TextLayout } from './layout-text.ts';
import { cssColor } from './paint.ts';
import { placeBox } from './place.ts';
import type { Context, Sketch } from './sketch.ts';
import { createTextMeter, setLettering } from './text-pen.ts';

/**
 * How far letters may reach out of their line, in font sizes: swashes, stacked accents. Skia's own ink bounds are no
 * help (measured: wrong for right-to-left text and for text of several fonts); what stays empty is trimmed off later.
 */
const overhang = 1.5;

/** Text in its box: background, then outline, then letters. */
export function sketchText(drawing: TextDrawing, paths: FontPaths): Sketch {
  const style = { families: fontFamilies(drawing.fonts, paths), direction: drawing.direction };
  const layout = layoutText(drawing, createTextMeter(style));
  const { width, height, lettering } = layout;
  const box: Bounds = { left: 0, top: 0, right: width, bottom: height };
  return {
    matrix: placeBox(drawing.place, { width, height }),
    ink: inkBounds(drawing, layout, box),
    canvas: { left: 0, top: 0, right: drawing.canvas.width, bottom: drawing.canvas.height },
    ground: drawing.background === null ? null : (context) => drawBackground(context, drawing, layout),
    figure: (context) => {
      if (drawing.overflow === 'clip') {
        clipTo(context, box);
      }
      setLettering(context, style, lettering);
      drawLetters(context, drawing, layout);
    },
    shadow: drawing.shadow,
  };
}

function inkBounds(drawing: TextDrawing, layout: TextLayout, box: Bounds): Bounds {
  const { lettering, lines } = layout;
  const reach =
    lettering.fontSize * overhang + lettering.strokeWidth / 2 + Math.max(0, lettering.letterSpacing);
  const { top, right, bottom, left } = drawing.padding;
  const margin = Math.max(reach, top, right, bottom, left);
  return lines.reduce((all, line) => unite(all, grow(boundsOfLine(line), margin)), box);
}

function boundsOfLine(line: PlacedLine): Bounds {
  return { left: line.left, top: line.top, right: line.left + line.width, bottom: line.top + line.height };
}

function padded(bounds: Bounds, padding: TextDrawing['padding']): Bounds {
  return {
    left: bounds.left - padding.left,
    top: bounds.top - padding.top,
    right: bounds.right + padding.right,
    bottom: bounds.bottom + padding.bottom,
  };
}

function drawBackground(context: Context, drawing: TextDrawing, layout: TextLayout): void {
  const { background, padding } = drawing;
  if (background === null) {
    return;
  }
  context.beginPath();
  if (background.wrap === 'box') {
    context.roundRect(0, 0, layout.width, layout.height, background.radius);
  }
  // One path for all lines: where two overlap, a translucent colour must not be laid on twice.
  const lines = background.wrap === 'line' ? layout.lines.filter((line) => line.width > 0) : [];
  for (const line of lines) {
    const { left, top, right, bottom } = wholePixels(padded(boundsOfLine(line), padding));
    context.roundRect(left, top, right - left, bottom - top, background.radius);
  }
  context.fillStyle = cssColor(background.color);
  context.fill('nonzero');
}

/** All outlines before any letter, or an outline would cover the letters of the line above. */
function drawLetters(context: Context, drawing: TextDrawing, layout: TextLayout): void {
  const lines = layout.lines.filter((line) => line.text !== '');
  if (drawing.stroke !== null) {
    context.strokeStyle = cssColor(drawing.stroke.color);
    context.lineWidth = layout.lettering.strokeWidth;
    context.lineJoin = 'round';
    for (const line of lines) {
      context.strokeText(line.text, line.left, line.baseline);
    }
  }
  context.fillStyle = cssColor(drawing.color);
  for (const line of lines) {
    context.fillText(line.text, line.left, line.baseline);
  }
}

function clipTo(context: Context, box: Bounds): void {
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
}
