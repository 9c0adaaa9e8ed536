import { describe, expect, test } from 'vitest';
import { fitText } from '../../../drawing/fit-text.ts';
import type { TextMeter } from '../../../drawing/lettering.ts';
import { graphemeEnds } from '../../../drawing/line-breaks.ts';
import { textOf, white } from './drawings.ts';

/** Every character is half as wide as the font is high. */
const meter: TextMeter = {
  ascent: 0.8,
  descent: 0.2,
  widthOf: (line, { fontSize, letterSpacing }) => graphemeEnds(line).length * (fontSize / 2 + letterSpacing),
};
const room = { width: 100, height: 48 };

describe('visible and clipped text', () => {
  test.each(['visible', 'clip'] as const)('%s text keeps its size and all its lines', (overflow) => {
    const fitted = fitText(textOf('one two three four five', { overflow, fontSize: 20 }), room, meter);
    expect(fitted.lettering.fontSize).toBe(20);
    expect(fitted.lines).toEqual(['one two', 'three four', 'five']);
  });

  test('ends after the most lines', () => {
    const fitted = fitText(textOf('one two three four five', { maxLines: 1 }), room, meter);
    expect(fitted.lines).toEqual(['one two']);
  });
});

describe('an ellipsis', () => {
  test('ends the last line that has room', () => {
    const fitted = fitText(textOf('one two three four five', { overflow: 'ellipsis' }), room, meter);
    expect(fitted.lines).toEqual(['one two', 'three fou…']);
  });

  test('stands behind the last of the most lines', () => {
    const drawing = textOf('one two three', { overflow: 'ellipsis', maxLines: 1 });
    expect(fitText(drawing, room, meter).lines).toEqual(['one two…']);
  });

  test('ends each line that is too wide where nothing wraps', () => {
    const drawing = textOf('short\nmuch too wide', { overflow: 'ellipsis', wrap: 'none' });
    expect(fitText(drawing, room, meter).lines).toEqual(['short', 'much too…']);
  });

  test('is not put to text that fits', () => {
    expect(fitText(textOf('one two', { overflow: 'ellipsis' }), room, meter).lines).toEqual(['one two']);
  });

  test('stands alone where nothing else has room', () => {
    const drawing = textOf('wide', { overflow: 'ellipsis', wrap: 'none' });
    expect(fitText(drawing, { width: 1, height: 48 }, meter).lines).toEqual(['…']);
  });
});

describe('shrinking', () => {
  const shrink = { overflow: 'shrink' } as const;

  test('leaves text that fits alone', () => {
    const fitted = fitText(textOf('one two', { ...shrink, fontSize: 20 }), room, meter);
    expect(fitted.lettering.fontSize).toBe(20);
  });

  test('finds the largest size, to a quarter pixel, at which all lines fit', () => {
    const fitted = fitText(textOf('a'.repeat(20), { ...shrink, wrap: 'none' }), room, meter);
    expect(fitted.lettering.fontSize).toBe(10);
    const high = fitText(textOf('a\nb\nc\nd\ne', shrink), room, meter);
    expect(high.lettering.fontSize).toBe(8);
  });

  test('makes letters smaller rather than break a word', () => {
    const fitted = fitText(textOf('incomprehensibility', { ...shrink, fontSize: 40 }), room, meter);
    expect(fitted.lines).toEqual(['incomprehensibility']);
    expect(fitted.lettering.fontSize).toBe(10.5);
  });

  test('obeys the most lines', () => {
    const fitted = fitText(textOf('one two three four', { ...shrink, maxLines: 1 }), room, meter);
    expect(fitted.lines).toEqual(['one two three four']);
  });

  test('makes spacing and outline smaller with the letters', () => {
    const stroke = { width: 4, color: white };
    const drawing = textOf('a'.repeat(20), { ...shrink, wrap: 'none', letterSpacing: 10, stroke });
    expect(fitText(drawing, room, meter).lettering).toEqual({
      fontSize: 5,
      letterSpacing: 2.5,
      strokeWidth: 1,
    });
  });

  test('ends at 4 px even if the text still does not fit', () => {
    const drawing = textOf('word '.repeat(1000), shrink);
    const fitted = fitText(drawing, { width: 20, height: 10 }, meter);
    expect(fitted.lettering.fontSize).toBe(4);
    expect(fitted.lines.length).toBeGreaterThan(100);
  });

  test('never makes letters larger', () => {
    const fitted = fitText(textOf('too wide', { ...shrink, fontSize: 3 }), { width: 2, height: 2 }, meter);
    expect(fitted.lettering.fontSize).toBe(3);
  });
});
