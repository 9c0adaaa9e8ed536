import { createCanvas } from '@napi-rs/canvas';
import type { TextDrawing } from '../plan-compiler/render-plan.ts';
import type { Lettering, TextMeter } from './lettering.ts';
import type { Context } from './sketch.ts';

/** Font metrics are read at this size, since Skia rounds those of small sizes. */
const metricSize = 1000;

/** What a text's letters have in common, whatever their size. */
export type LetterStyle = {
  /** Names for `font-family`, in the order they are tried. */
  readonly families: readonly string[];
  readonly direction: TextDrawing['direction'];
};

/** Sets everything that shapes letters; measuring and drawing must agree in all of it. */
export function setLettering(context: Context, style: LetterStyle, lettering: Lettering): void {
  context.font = `${lettering.fontSize}px ${style.families.join(', ')}`;
  context.letterSpacing = `${lettering.letterSpacing}px`;
  context.direction = style.direction;
  // "left" is where x is, whatever the direction; layout has done the aligning.
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
}

/** Measures text with Skia. */
export function createTextMeter(style: LetterStyle): TextMeter {
  const context = createCanvas(1, 1).getContext('2d');
  const ownFont = { ...style, families: style.families.slice(0, 1) };
  setLettering(context, ownFont, { fontSize: metricSize, letterSpacing: 0, strokeWidth: 0 });
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
