import { coveredScripts } from '../contract/font-families.ts';
import type { TextLayer } from '../contract/layers.ts';
import { fadeColor, readColor } from './color.ts';
import type { FilmContext } from './film-context.ts';
import { resolveFonts } from './fonts.ts';
import { anchorPoint, boxSide, normalDegrees, pixelsOf } from './geometry.ts';
import { lettersWithoutFont } from './known-letters.ts';
import type { DrawingPlace, Shadow, Stroke, TextDrawing } from './render-plan.ts';

const FONT_PIXELS = { min: 4, max: 2000 } as const;

type Placed = Pick<TextLayer, 'x' | 'y' | 'anchor' | 'rotation' | 'flipH' | 'flipV'>;

/** What the drawing room needs to draw a text layer: sizes in pixels, fonts by file, direction and alignment decided. */
export function drawText(layer: TextLayer, path: string, film: FilmContext): TextDrawing {
  const { canvas, log } = film;
  const text = transformText(layer.text, layer.transform);
  checkLetters(text, `${path}.text`, film);
  const direction = layer.direction === 'auto' ? directionOf(text) : layer.direction;
  const side = (name: 'width' | 'height'): number | null =>
    layer[name] === 'auto' ? null : boxSide(layer[name], canvas[name], { path: `${path}.${name}`, log });
  return {
    type: 'text',
    place: placeDrawing(layer, film),
    width: side('width'),
    height: side('height'),
    canvas,
    text,
    fonts: resolveFonts(layer, film.input.fonts, { path: `${path}.fontFamily`, log }),
    fontSize: readFontSize(layer.fontSize, `${path}.fontSize`, film),
    color: readColor(layer.color, `${path}.color`, log),
    align: resolveAlign(layer.align, direction),
    verticalAlign: layer.verticalAlign,
    direction,
    lineHeight: layer.lineHeight,
    letterSpacing: layer.letterSpacing,
    wrap: layer.wrap,
    maxLines: layer.maxLines ?? null,
    overflow: layer.overflow,
    padding: readPadding(layer.padding),
    background: readBackground(layer.background, `${path}.background`, film),
    stroke: readStroke(layer.stroke, `${path}.stroke`, film),
    shadow: readShadow(layer.textShadow, `${path}.textShadow`, film),
  };
}

export function placeDrawing(layer: Placed, film: FilmContext): DrawingPlace {
  const anchor = anchorPoint(layer.anchor);
  return {
    x: pixelsOf(layer.x, film.canvas.width),
    y: pixelsOf(layer.y, film.canvas.height),
    anchorX: anchor.x,
    anchorY: anchor.y,
    rotation: normalDegrees(layer.rotation),
    flipH: layer.flipH,
    flipV: layer.flipV,
  };
}

export function readStroke(stroke: TextLayer['stroke'], path: string, film: FilmContext): Stroke | null {
  if (stroke === undefined) return null;
  return { width: stroke.width, color: readColor(stroke.color, `${path}.color`, film.log) };
}

export function readShadow(shadow: TextLayer['textShadow'], path: string, film: FilmContext): Shadow | null {
  if (shadow === undefined) return null;
  return { ...shadow, color: readColor(shadow.color, `${path}.color`, film.log) };
}

/** The direction of the first letter that has one; digits and signs have none. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  const letter = /\p{L}/u.exec(text)?.[0] ?? '';
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter)
    ? 'rtl'
    : 'ltr';
}

export function transformText(text: string, transform: TextLayer['transform']): string {
  switch (transform) {
    case 'none':
      return text;
    case 'upper':
      return text.toUpperCase();
    case 'lower':
      return text.toLowerCase();
    case 'capitalize':
      return text.replaceAll(/(?<![\p{L}\p{M}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase());
    default:
      return transform satisfies never;
  }
}

/** So many are named of those that cannot be drawn. */
const lettersNamedMax = 8;

function checkLetters(text: string, path: string, film: FilmContext): void {
  checkPairs(text, path, film);
  const letters = lettersWithoutFont(text);
  if (letters.length === 0) return;
  const more = letters.length > lettersNamedMax ? `, and ${letters.length - lettersNamedMax} more` : '';
  film.log.report({
    code: 'letters-without-font',
    path,
    message: `No font of the engine has ${letters.slice(0, lettersNamedMax).map(nameLetter).join(', ')}${more}; boxes would be drawn.`,
    hint: `The scripts are ${coveredScripts.join(', ')} (Han as in Japanese); lay other text over the film as an image.`,
  });
}

/** "测" (U+6D4B) */
function nameLetter(letter: string): string {
  const codePoint = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `"${letter}" (U+${codePoint})`;
}

// Half of a surrogate pair is no letter: no font has it and no canonical JSON can hold it.
function checkPairs(text: string, path: string, film: FilmContext): void {
  if (!/\p{Surrogate}/u.test(text)) return;
  film.log.report({
    code: 'broken-text',
    path,
    message: 'The text holds half of a surrogate pair.',
    hint: 'Cut texts between letters, not between UTF-16 units.',
  });
}

function readFontSize(size: TextLayer['fontSize'], path: string, film: FilmContext): number {
  const pixels = pixelsOf(size, film.canvas.height);
  if (pixels >= FONT_PIXELS.min && pixels <= FONT_PIXELS.max) return pixels;
  film.log.report({
    code: 'font-size-out-of-range',
    path,
    message: `The letters would be ${pixels} pixels high.`,
    hint: `Give a size from ${FONT_PIXELS.min} to ${FONT_PIXELS.max} pixels.`,
  });
  return FONT_PIXELS.min;
}

function resolveAlign(align: TextLayer['align'], direction: 'ltr' | 'rtl'): TextDrawing['align'] {
  if (align !== 'start' && align !== 'end') return align;
  return (align === 'start') === (direction === 'ltr') ? 'left' : 'right';
}

function readPadding(padding: TextLayer['padding']): TextDrawing['padding'] {
  const [top, right, bottom, left] =
    typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
  return { top, right, bottom, left };
}

function readBackground(
  background: TextLayer['background'],
  path: string,
  film: FilmContext,
): TextDrawing['background'] {
  if (background === undefined) return null;
  const color = fadeColor(readColor(background.color, `${path}.color`, film.log), background.opacity);
  return color.a === 0 ? null : { color, radius: background.radius, wrap: background.wrap };
}
