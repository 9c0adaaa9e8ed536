import { expect, test } from 'vitest';
import { graphemeEnds, lineBreaks, trimLineEnd } from '../../../drawing/line-breaks.ts';

/** The pieces between which a line may end. */
function piecesOf(text: string): readonly string[] {
  let start = 0;
  return lineBreaks(text).map((end) => {
    const piece = text.slice(start, end);
    start = end;
    return piece;
  });
}

test.each([
  ['words keep the space behind them', 'one  two three', ['one  ', 'two ', 'three']],
  ['a no-break space holds words together', 'No.\u00A05 is', ['No.\u00A05 ', 'is']],
  ['punctuation stays with its word', '"Well," (he) said!', ['"Well," ', '(he) ', 'said!']],
  ['a hyphen between letters ends a line', 'well-known x -5', ['well-', 'known ', 'x ', '-5']],
  ['an option is no hyphenation', '--force -x', ['--force ', '-x']],
  ['Japanese breaks between characters', '日本語', ['日', '本', '語']],
  ['no line begins with a full stop or a small kana', 'キャッ。ト', ['キャッ。', 'ト']],
  ['no line begins with a closing or ends with an opening bracket', '「日本」語', ['「日', '本」', '語']],
  ['Latin inside Japanese stays whole', '日本Tokyo語', ['日', '本', 'Tokyo', '語']],
  ['Korean breaks at its spaces', '안녕 하세요', ['안녕 ', '하세요']],
  ['Arabic breaks at its spaces', 'مرحبا بالعالم', ['مرحبا ', 'بالعالم']],
  ['a family emoji is one character', '👨‍👩‍👧‍👦🇫🇷👍🏽', ['👨‍👩‍👧‍👦', '🇫🇷', '👍🏽']],
  ['Thai breaks between dictionary words', 'ภาษาไทย', ['ภาษา', 'ไทย']],
  ['a zero-width space lets a word break', 'long\u200Bword', ['long\u200B', 'word']],
  ['a word joiner forbids a break', '日\u2060本', ['日\u2060本']],
])('%s', (_title, text, pieces) => {
  expect(piecesOf(text)).toEqual(pieces);
});

test('nothing breaks nowhere', () => {
  expect(lineBreaks('')).toEqual([]);
});

test('graphemes are what a reader takes for one character', () => {
  expect(graphemeEnds('e\u0301👍🏽x')).toEqual([2, 6, 7]);
});

test('a line end loses breaking spaces only', () => {
  expect(trimLineEnd('a \u3000 ')).toBe('a');
  expect(trimLineEnd('a\u00A0')).toBe('a\u00A0');
});
