import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breakLines, type LineRoom, lastFitting } from '../../../drawing/break-lines.ts';
import { graphemeEnds } from '../../../drawing/line-breaks.ts';

/** Every character is one wide. */
const widthOf = (line: string) => graphemeEnds(line).length;
const room = (changes: Partial<LineRoom>): LineRoom => ({
  wrap: 'word',
  width: 10,
  linesMax: Number.POSITIVE_INFINITY,
  ...changes,
});

describe('word wrap', () => {
  test('fills each line and drops the spaces at its end', () => {
    expect(breakLines(['the quick brown fox'], room({}), widthOf)).toEqual({
      lines: ['the quick', 'brown fox'],
      isWhole: true,
      hasBrokenWord: false,
    });
  });

  test('keeps newlines, empty lines and leading spaces', () => {
    const { lines } = breakLines(['  a', '', 'b '], room({}), widthOf);
    expect(lines).toEqual(['  a', '', 'b']);
  });

  test('breaks a word that fits no line, and says so', () => {
    const broken = breakLines(['a incomprehensibilities b'], room({ width: 8 }), widthOf);
    expect(broken.lines).toEqual(['a', 'incompre', 'hensibil', 'ities b']);
    expect(broken.hasBrokenWord).toBe(true);
  });

  test('shows a soft hyphen where it breaks a word, with room for it, and nowhere else', () => {
    const word = 'Fuß\u00ADball\u00ADspieler\u00AD';
    expect(breakLines([word], room({ width: 9 }), widthOf).lines).toEqual([
      'Fuß\u00ADball-',
      'spieler\u00AD',
    ]);
    expect(breakLines([word], room({ width: 8 }), widthOf).lines).toEqual(['Fuß-', 'ball-', 'spieler\u00AD']);
  });

  test('sets at least one character a line, however narrow', () => {
    expect(breakLines(['ab👨‍👩‍👧‍👦'], room({ width: 0 }), widthOf).lines).toEqual(['a', 'b', '👨‍👩‍👧‍👦']);
  });
});

test('character wrap breaks between graphemes and is no broken word', () => {
  const broken = breakLines(['abcde\u0301f'], room({ wrap: 'char', width: 3 }), widthOf);
  expect(broken).toEqual({ lines: ['abc', 'de\u0301f'], isWhole: true, hasBrokenWord: false });
});

test('without wrap only newlines end a line', () => {
  const { lines } = breakLines(['the quick brown fox', 'x'], room({ wrap: 'none' }), widthOf);
  expect(lines).toEqual(['the quick brown fox', 'x']);
});

test('setting stops at the most lines allowed and says that text is left', () => {
  expect(breakLines(['a b c'], room({ width: 1, linesMax: 2 }), widthOf)).toMatchObject({
    lines: ['a', 'b'],
    isWhole: false,
  });
  expect(breakLines(['a', 'b', 'c'], room({ linesMax: 2 }), widthOf)).toMatchObject({
    lines: ['a', 'b'],
    isWhole: false,
  });
  expect(breakLines(['a', 'b'], room({ linesMax: 2 }), widthOf).isWhole).toBe(true);
});

test('no character is lost or doubled, and no line is too wide', () => {
  const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 15 }), { maxLength: 20 });
  fc.assert(
    fc.property(
      words,
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('word', 'char'),
      (list, width, wrap) => {
        const text = list.join(' ');
        const { lines, isWhole } = breakLines([text], room({ wrap, width }), widthOf);
        const bare = (value: string) => value.replace(/[ \u3000\u200B\u2000-\u200A\u1680\u205F]/gu, '');
        expect(isWhole).toBe(true);
        expect(bare(lines.join(''))).toBe(bare(text));
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
      },
    ),
  );
});

test('a long line takes few measurements', () => {
  const text = 'word '.repeat(2000);
  let measured = 0;
  breakLines([text], room({ width: 100 }), (line) => {
    measured += 1;
    return widthOf(line);
  });
  expect(measured).toBeLessThan(100 * 12);
});

test('a word of thousands of letters is not measured to its end for every line', () => {
  let measured = 0;
  const { lines } = breakLines(['W'.repeat(10_000)], room({ width: 10 }), (line) => {
    measured += line.length;
    return line.length;
  });
  expect(lines).toHaveLength(1000);
  expect(measured / 10_000).toBeLessThan(60);
});

test.each([
  [0, null],
  [3, 3],
  [9, 7],
])('the last end that fits %i is %s', (limit, expected) => {
  expect(lastFitting([1, 3, 4, 7], 0, (end) => end <= limit)).toBe(expected);
});
