import { createCanvas } from '@napi-rs/canvas';
import type { TextDrawing } from '../plan-compiler/render-plan.ts';
import type { Lettering, TextMeter } from './lettering.ts';
import type { Context } from './sketch.ts';

/** Font metrics are read at this size, since Skia rounds those of small sizes. */
const metricSize = 1000;

/** Sets everything that shapes letters; measuring and drawing must agree in all of it. */
export function setLettering(
  context: Context,
  style: { readonly families: string; readonly direction: TextDrawing['direction'] },
  lettering: Lettering,
): void {
  context.font = `${lettering.fontSize}px ${style.families}`;
  context.letterSpacing = `${lettering.letterSpacing}px`;
  context.direction = style.direction;
  // "left" is where x is, whatever the direction; layout has done the aligning.
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
}

/** Measures text with Skia. */
export function createTextMeter(style: {
  readonly families: string;
  readonly direction: TextDrawing['direction'];
}): TextMeter {
  const context = createCanvas(1, 1).getContext('2d');
  const [firstFamily = style.families] = style.families.split(', ');
  setLettering(
    context,
    { ...style, families: firstFamily },
    { fontSize: metricSize, letterSpacing: 0, strokeWidth: 0 },
  );
  const metrics = context.measureText(' ');
  let current: Lettering | null = null;
  return {
    ascent: metrics.fontBoundingBoxAscent / metricSize,
    descent: metrics.fontBoundingBoxDescent / metricSize,
    widthOf: (line, lettering) => {
      if (lettering !== current) {
        setLettering(context, style, lettering);
        current = lettering;
      }
      return context.measureText(line).width;
    },
  };
}
