// Where a paragraph may be broken: a small, readable part of Unicode's line breaking rules (UAX 14).
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const words = new Intl.Segmenter('und', { granularity: 'word' });

/** Breaking spaces; the no-break ones (00A0, 202F, 2007) are left out on purpose. */
const space = /[ \u1680\u2000-\u2006\u2008-\u200A\u200B\u205F\u3000]$/u;
const trailingSpaces = /[ \u1680\u2000-\u2006\u2008-\u200A\u200B\u205F\u3000]+$/u;
const hyphenAfterLetter = /[\p{L}\p{N}][-\u2010\u2013\u2014\u00AD]$/u;
const letter = /^[\p{L}\p{N}]/u;
/** Written without spaces, and broken between any two characters. Hangul has spaces. */
const ideographic =
  /^(?:[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{sc=Yi}\u3000-\u303F\u30FB\u30FC\uFF00-\uFFEF]|\p{Extended_Pictographic}|\p{Regional_Indicator})/u;
/** Written without spaces, and broken between words that only a dictionary knows. */
const dictionaryScript = /^[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** No line begins with these. */
const closing =
  /^[\p{Pe}\p{Pf}!?,.:;%\u2026\u3001\u3002\u3005\u303B\u309D\u309E\u30FB\u30FC\u30FD\u30FE\uFF01\uFF05\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F\uFF5E\u301C\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u308E\u30A1\u30A3\u30A5\u30A7\u30A9\u30C3\u30E3\u30E5\u30E7\u30EE\u30F5\u30F6]/u;
/** No line ends with these. */
const opening = /^[\p{Ps}\p{Pi}$\u00A3\u00A5\uFF04\uFFE5]/u;
/** Word joiner and no-break space hold both sides together. */
const glue = /[\u2060\uFEFF\u00A0\u202F\u2007]/u;

/** The ends of all graphemes: what the reader takes for one character, such as a family emoji. */
export function graphemeEnds(text: string): readonly number[] {
  return Array.from(graphemes.segment(text), (part) => part.index + part.segment.length);
}

/** Offsets after which a line may end, the text's end among them. */
export function lineBreaks(text: string): readonly number[] {
  const ends = graphemeEnds(text);
  const wordEnds = wordEndsOf(text);
  const breaks: number[] = [];
  let start = 0;
  ends.forEach((end, index) => {
    const next = ends[index + 1];
    const pair = {
      lead: text.slice(Math.max(0, start - 2), start),
      before: text.slice(start, end),
      after: text.slice(end, next),
    };
    if (next === undefined || mayBreakBetween(pair) || (wordEnds.has(end) && isDictionaryPair(pair))) {
      breaks.push(end);
    }
    start = end;
  });
  return breaks;
}

/** A line without the spaces it was broken at. */
export function trimLineEnd(text: string): string {
  return text.replace(trailingSpaces, '');
}

type Pair = { readonly lead: string; readonly before: string; readonly after: string };

function mayBreakBetween({ lead, before, after }: Pair): boolean {
  if (space.test(after) || glue.test(before) || glue.test(after)) {
    return false;
  }
  if (space.test(before)) {
    return true;
  }
  if (letter.test(after) && hyphenAfterLetter.test(lead + before)) {
    return true;
  }
  const isIdeographic = ideographic.test(before) || ideographic.test(after);
  return isIdeographic && !closing.test(after) && !opening.test(before);
}

function isDictionaryPair({ before, after }: Pair): boolean {
  return dictionaryScript.test(before) && dictionaryScript.test(after);
}

function wordEndsOf(text: string): ReadonlySet<number> {
  const ends = Array.from(words.segment(text), (part) => part.index + part.segment.length);
  return new Set(ends);
}
