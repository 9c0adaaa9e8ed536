import { describe, expect, test } from 'vitest';
import { layoutText } from '../../../drawing/layout-text.ts';
import type { TextMeter } from '../../../drawing/lettering.ts';
import { textOf } from './drawings.ts';

/** Every character is half as wide as the font is high. */
const meter: TextMeter = {
  ascent: 1,
  descent: 0.25,
  widthOf: (line, { fontSize, letterSpacing }) => line.length * (fontSize / 2 + letterSpacing),
};
const padding = { top: 1, right: 2, bottom: 3, left: 4 };

test('a box without a size is as large as its text and padding', () => {
  const layout = layoutText(textOf('abcd\nab', { padding }), meter);
  expect([layout.width, layout.height]).toEqual([40 + 6, 48 + 4]);
});

test('a box without a size is never larger than the canvas', () => {
  const drawing = textOf('abcdefgh\n'.repeat(9), { wrap: 'none', canvas: { width: 50, height: 60 } });
  const layout = layoutText(drawing, meter);
  expect([layout.width, layout.height]).toEqual([50, 60]);
});

describe('alignment', () => {
  test.each([
    ['left', 4],
    ['center', 4 + (94 - 20) / 2],
    ['right', 100 - 2 - 20],
  ] as const)('%s', (align, left) => {
    const { lines } = layoutText(textOf('ab', { width: 100, align, padding }), meter);
    expect(lines[0]?.left).toBe(left);
  });

  test.each([
    ['top', 1],
    ['middle', 1 + (96 - 24) / 2],
    ['bottom', 100 - 3 - 24],
  ] as const)('%s', (verticalAlign, top) => {
    const { lines } = layoutText(textOf('ab', { height: 100, verticalAlign, padding }), meter);
    expect(lines[0]?.top).toBe(top);
  });
});

test('the spacing behind the last letter does not count', () => {
  const spaced = { letterSpacing: 10, width: 100, align: 'right' } as const;
  expect(layoutText(textOf('ab', spaced), meter).lines[0]).toMatchObject({ left: 70, width: 30 });
});

test('letters stand in the middle of their line and on a whole pixel', () => {
  const { lines } = layoutText(textOf('a\nb', { lineHeight: 2.02 }), meter);
  // (40.4 − 25) ÷ 2 + 20 = 27.7, and 40.4 more.
  expect(lines.map((line) => line.baseline)).toEqual([28, 68]);
});

test('padding larger than the box leaves room for something', () => {
  const wide = { top: 0, bottom: 0, left: 200, right: 200 };
  const layout = layoutText(textOf('ab', { width: 100, padding: wide }), meter);
  expect(layout.lines.map((line) => line.text)).toEqual(['a', 'b']);
});
