import { expect, test } from 'vitest';
import type { MovieInput } from '../../../contract/movie.ts';
import { lettersWithoutFont } from '../../../plan-compiler/known-letters.ts';
import { issuesOf } from '../../support/plan-inputs.ts';

test('letters, signs and emoji that the fonts have', () => {
  const text = 'Ångström Ωμέγα Ёж שלום مرحبا हिन्दी 日本語のテキスト、中文 ㄅ ½ № ∑ → 👩🏽‍🚀 ❤️ 1️⃣ 🇩🇪 🏴󠁧󠁢󠁳󠁣󠁴󠁿';
  expect(lettersWithoutFont(text)).toEqual([]);
});

test('a letter that is there in parts, or only as a whole', () => {
  expect(lettersWithoutFont('e\u0301 a\u0308 \u1ebf \u0439 \u0438\u0306')).toEqual([]);
});

test('what is not seen needs no font', () => {
  expect(lettersWithoutFont('a\u200d\u200bb\ufe0f\u00ad\u2060\n\tc\u3000d\u2003')).toEqual([]);
});

test('single letters that no font has, each once and in order', () => {
  expect(lettersWithoutFont('这是测试 测 กข ok \u{1f9ff} \ue000')).toEqual([
    '这',
    '测',
    '试',
    'ก',
    'ข',
    '\ue000',
  ]);
});

test('of many, some are named in the fault with their numbers', () => {
  const movie = (text: string): MovieInput => ({
    scenes: [{ id: 'a', duration: 1, layers: [{ type: 'text', text }] }],
  });
  expect(issuesOf(movie('Hi 测试'))).toMatchObject([
    {
      path: 'movie.scenes[0].layers[0].text',
      message: 'No font of the engine has "测" (U+6D4B), "试" (U+8BD5); boxes would be drawn.',
    },
  ]);
  const [issue] = issuesOf(movie('กขฃคฅฆงจฉช'));
  expect(issue?.message).toMatch(/"จ" \(U\+0E08\), and 2 more; boxes would be drawn\.$/);
});
