import { beforeAll, expect, test } from 'vitest';
import type { FontReference } from '../../../plan-compiler/render-plan.ts';
import { useDrawer } from './drawing-room.ts';
import { fallbackFonts, textOf } from './drawings.ts';

const { draw } = useDrawer();
let fonts: readonly FontReference[] = [];
beforeAll(async () => {
  fonts = await fallbackFonts();
});

const nasty: readonly (readonly [title: string, text: string])[] = [
  ['quotes', `It's "quoted" \`back\` “curly” ‘single’`],
  ['a shell command', '$(rm -rf /) `id` $HOME ${PATH} && || ; | > <'],
  ['drawtext expansion', "%{eif:1:d} %{pts} %% 50%: \\: \\\\ \\'"],
  ['filter graph syntax', "[0:v]scale=1:1,drawtext=text='x';[a][b]overlay"],
  ['an ASS override', '{\\an8\\pos(1,1)}text{\\r}\\N\\h'],
  ['HTML', '<script>alert(1)</script><b>&amp;</b>'],
  ['SQL', "Robert'); DROP TABLE jobs;--"],
  ['JSON', '{"a":[1,2,{"b":null}]}'],
  ['a path', '../../../etc/passwd C:\\Windows\\System32 file:///etc/passwd'],
  ['a format string', '%s %d %n %x %p'],
  ['CSS', '20px "x"; } body { font: 1px'],
  ['backslashes', '\\\\\\\\ \\n \\t \\u0041'],
  ['control characters', 'a\u0000b\u0001c\u0007d\u001Be\u007Ff'],
  ['every newline', 'a\nb\r\nc\rd\u2028e\u2029f\u0085g'],
  ['tabs', 'a\tb\t\tc'],
  ['lone surrogates', 'a\uD800b\uDC00c'],
  ['non-characters', 'a\uFFFEb\uFFFFc\u{10FFFF}'],
  ['bidi overrides', 'abc\u202Edef\u202C\u2066ghi\u2069\u200Fjkl'],
  ['unclosed bidi isolates', '\u2067\u2067\u2067\u202E\u202Babc'],
  ['stacked accents', `z${'\u0300\u0323'.repeat(200)}`],
  ['a long emoji chain', `👩${'\u200D👩'.repeat(50)}`],
  ['variation selectors', '☺\uFE0E ☺\uFE0F ❤\uFE0F\uFE0F\uFE0F 1\uFE0F\u20E3'],
  ['half a flag', '🇫 🇫🇷🇩'],
  ['letters that no font has', '\u{13000}\u{12000}\u{1D11E}\uE000\u{F0000}'],
  ['Arabic ligatures', 'ﷺ لا بسم الله الرحمن الرحيم'],
  ['Indic and Thai marks', 'क्षत्रिय ภาษาไทย'],
  ['a zero-width run', `a${'\u200B\u200C\u200D\u2060\uFEFF'.repeat(100)}b`],
  ['one word of 10 000 letters', 'W'.repeat(10_000)],
  ['10 000 characters in words', 'word '.repeat(2000)],
  ['10 000 newlines', `a${'\n'.repeat(9998)}b`],
];

test.each(nasty)('%s: drawn, and not as nothing', async (_title, text) => {
  const still = await draw(textOf(text, { fonts, width: 600, height: 300, overflow: 'visible' }));
  expect(still.width * still.height).toBeGreaterThan(1);
  expect(still.bytes.some((value) => value > 127)).toBe(true);
});

test.each(nasty)('%s: made to fit or cut in every way', async (_title, text) => {
  const ways = (['shrink', 'ellipsis', 'clip'] as const).flatMap((overflow) =>
    (['word', 'char', 'none'] as const).map((wrap) => ({ overflow, wrap })),
  );
  for (const { overflow, wrap } of ways) {
    const drawing = textOf(text, { fonts, width: 90, height: 50, overflow, wrap, direction: 'rtl' });
    const still = await draw({ ...drawing, canvas: { width: 160, height: 90 } });
    expect(still.x + still.width).toBeLessThanOrEqual(160);
    expect(still.y + still.height).toBeLessThanOrEqual(90);
  }
});

test('what is written is drawn: percent signs, quotes and backslashes are letters', async () => {
  const widths = [];
  for (const text of ['50', '50%', '50%%', '50%%\\', '50%%\\"']) {
    widths.push((await draw(textOf(text, { fonts }))).width);
  }
  expect(widths).toEqual(widths.toSorted((first, second) => first - second));
  expect(new Set(widths).size).toBe(widths.length);
});
