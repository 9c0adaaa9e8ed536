// Which letters the fonts have is written down for the compiler, which reads no files; `npm run docs` writes it anew.

import { readFileSync } from 'node:fs';
import { create, type Font } from 'fontkit';
import { expect, it } from 'vitest';
import { fontFamilies } from '../../../contract/font-families.ts';
import { loadFontCatalogue } from '../../../drawing/font-catalogue.ts';

/** Of the families' letters those that all of a family's files have, since any of them may be drawn with. */
async function letters(): Promise<readonly number[]> {
  const faces = await loadFontCatalogue();
  const all = new Set<number>();
  for (const family of fontFamilies) {
    const sets = faces.filter((face) => face.family === family).map(({ path }) => lettersOf(path));
    const [first = new Set<number>(), ...others] = sets;
    for (const letter of first) if (others.every((set) => set.has(letter))) all.add(letter);
  }
  return [...all].sort((a, b) => a - b);
}

function lettersOf(path: string): ReadonlySet<number> {
  // Our fonts are files of one font each.
  return new Set((create(readFileSync(path)) as Font).characterSet);
}

/** As `known-letters.ts` reads it, in lines of about a hundred characters. */
function asSource(codePoints: readonly number[]): string {
  const ranges: { start: number; end: number }[] = [];
  for (const codePoint of codePoints) {
    const last = ranges.at(-1);
    if (last !== undefined && last.end === codePoint - 1) last.end = codePoint;
    else ranges.push({ start: codePoint, end: codePoint });
  }
  const words = ranges.map(({ start, end }, index) => {
    const gap = start - (ranges[index - 1]?.end ?? 0);
    return end === start ? gap.toString(36) : `${gap.toString(36)}+${(end - start).toString(36)}`;
  });
  const lines = words.reduce<string[]>((found, word) => {
    const line = found.at(-1);
    if (line === undefined || line.length + word.length > 99) return [...found, word];
    return [...found.slice(0, -1), `${line} ${word}`];
  }, []);
  const head =
    '// Made from the fonts that ship by `npm run docs`; do not edit. The characters that at least one family has.';
  return `${head}\nexport const fontLetters = \`\n${lines.join('\n')}\n\`;\n`;
}

it('the letters that are written down are those of the fonts', async () => {
  await expect(asSource(await letters())).toMatchFileSnapshot('../../../contract/font-letters.ts');
});
