// Which letters can be drawn: of what no font has, Skia would draw boxes without a word.
import { fontLetters } from '../contract/font-letters.ts';

/** What shapers pass over where a font lacks it: controls, joiners, variation selectors, spaces. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** The distinct characters of a text that no font of the engine has, in the text's order. */
export function lettersWithoutFont(text: string): readonly string[] {
  // Composed as a shaper would: the whole letter may be there where its mark alone is not.
  return [...new Set(text.normalize('NFC'))].filter(
    (letter) => !invisible.test(letter) && !canBeDrawn(letter),
  );
}

function canBeDrawn(letter: string): boolean {
  return isKnown(letter) || Array.from(letter.normalize('NFD')).every(isKnown);
}

type Ranges = { readonly starts: readonly number[]; readonly ends: readonly number[] };

let known: Ranges | null = null;

function isKnown(letter: string): boolean {
  known ??= readRanges(fontLetters);
  const { starts, ends } = known;
  const codePoint = letter.codePointAt(0) ?? 0;
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= codePoint) low = middle + 1;
    else high = middle;
  }
  return low > 0 && codePoint <= (ends[low - 1] ?? 0);
}

/** Each range says in base 36 how far it begins behind the end of the one before and, after a "+", how many more it has. */
function readRanges(text: string): Ranges {
  const starts: number[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const range of text.trim().split(/\s+/)) {
    const [gap = '0', more = '0'] = range.split('+');
    const start = end + Number.parseInt(gap, 36);
    end = start + Number.parseInt(more, 36);
    starts.push(start);
    ends.push(end);
  }
  return { starts, ends };
}
