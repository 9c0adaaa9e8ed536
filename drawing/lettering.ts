import type { TextDrawing } from '../plan-compiler/render-plan.ts';

/** How large the letters are; shrinking changes all three together, so that small text is not lost in its outline. */
export type Lettering = {
  readonly fontSize: number;
  readonly letterSpacing: number;
  readonly strokeWidth: number;
};

/** What layout must know of fonts; Skia answers in the drawing thread, a table in unit tests. */
export type TextMeter = {
  /** Advance in pixels. */
  widthOf(line: string, lettering: Lettering): number;
  /** Of the first font, as fractions of the font size. */
  readonly ascent: number;
  readonly descent: number;
};

export function fullLettering(drawing: TextDrawing): Lettering {
  return {
    fontSize: drawing.fontSize,
    letterSpacing: drawing.letterSpacing,
    strokeWidth: drawing.stroke?.width ?? 0,
  };
}

export function scaledLettering(drawing: TextDrawing, fontSize: number): Lettering {
  const factor = fontSize / drawing.fontSize;
  const full = fullLettering(drawing);
  return {
    fontSize,
    letterSpacing: full.letterSpacing * factor,
    strokeWidth: full.strokeWidth * factor,
  };
}
