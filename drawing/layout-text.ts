import type { TextDrawing } from '../plan-compiler/render-plan.ts';
import { fitText, type TextRoom } from './fit-text.ts';
import type { Lettering, TextMeter } from './lettering.ts';

/** Text set in its box: what to write where, in pixels of the box. */
export type TextLayout = {
  readonly width: number;
  readonly height: number;
  readonly lettering: Lettering;
  readonly lines: readonly PlacedLine[];
};

export type PlacedLine = {
  readonly text: string;
  readonly left: number;
  /** Of the line's own height, which text may reach out of. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly baseline: number;
};

/** Sets a text: wraps, fits and aligns it; the same meter gives the same layout. */
export function layoutText(drawing: TextDrawing, meter: TextMeter): TextLayout {
  const { padding, canvas } = drawing;
  const across = padding.left + padding.right;
  const down = padding.top + padding.bottom;
  const room: TextRoom = {
    width: Math.max(1, (drawing.width ?? canvas.width) - across),
    height: Math.max(1, (drawing.height ?? canvas.height) - down),
  };
  const { lines, lettering } = fitText(drawing, room, meter);
  const widths = lines.map((line) => inkWidth(line, { drawing, lettering, meter }));
  const lineHeight = lettering.fontSize * drawing.lineHeight;
  const needed = { width: Math.max(0, ...widths) + across, height: lines.length * lineHeight + down };
  const width = drawing.width ?? Math.min(canvas.width, Math.ceil(needed.width));
  const height = drawing.height ?? Math.min(canvas.height, Math.ceil(needed.height));
  const top = padding.top + share(drawing.verticalAlign) * (height - needed.height);
  return {
    width,
    height,
    lettering,
    lines: lines.map((text, index) => {
      const lineWidth = widths[index] ?? 0;
      const lineTop = top + index * lineHeight;
      return {
        text,
        left: padding.left + share(drawing.align) * (width - across - lineWidth),
        top: lineTop,
        width: lineWidth,
        height: lineHeight,
        baseline: Math.round(lineTop + baselineIn(lineHeight, lettering.fontSize, meter)),
      };
    }),
  };
}

/** Spacing stands after each letter; behind the last one it would push centred text off centre. */
function inkWidth(
  line: string,
  set: { readonly drawing: TextDrawing; readonly lettering: Lettering; readonly meter: TextMeter },
): number {
  const width = set.meter.widthOf(line, set.lettering);
  const trailing = line === '' || set.drawing.direction === 'rtl' ? 0 : set.lettering.letterSpacing;
  return Math.max(0, width - trailing);
}

/** As in CSS: the letters' height stands in the middle of the line's. */
function baselineIn(lineHeight: number, fontSize: number, meter: TextMeter): number {
  const ascent = meter.ascent * fontSize;
  const descent = meter.descent * fontSize;
  return (lineHeight - ascent - descent) / 2 + ascent;
}

/** How much of the free room lies before the text. */
function share(align: 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom'): number {
  switch (align) {
    case 'left':
    case 'top':
      return 0;
    case 'center':
    case 'middle':
      return 0.5;
    case 'right':
    case 'bottom':
      return 1;
    default:
      return align satisfies never;
  }
}
