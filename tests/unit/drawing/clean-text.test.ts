import { expect, test } from 'vitest';
import { paragraphsOf } from '../../../drawing/clean-text.ts';

test('every kind of newline ends a paragraph', () => {
  expect(paragraphsOf('a\r\nb\rc\nd\u2028e\u2029f\u0085g')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

test('control characters go, tabs become spaces, broken surrogates are shown as such', () => {
  expect(paragraphsOf('a\u0000b\u001B[0m\tc\uD83D')).toEqual(['ab[0m    c\uFFFD']);
});

test('marks that join and order letters stay', () => {
  const text = 'a\u200Db\u200Ec\u200Fd\u2067e\u2069';
  expect(paragraphsOf(text)).toEqual([text]);
});
