import { graphemeEnds, lineBreaks, trimLineEnd } from './line-breaks.ts';

export type LineRoom = {
  readonly wrap: 'word' | 'char' | 'none';
  /** Pixels that a line may be wide. */
  readonly width: number;
  /** Setting stops after this many lines; the rest is not measured. */
  readonly linesMax: number;
};

export type BrokenText = {
  readonly lines: readonly string[];
  /** All of the text stands in the lines. */
  readonly isWhole: boolean;
  /** A word did not fit a line and was broken between two characters. */
  readonly hasBrokenWord: boolean;
};

/** Fractions of a pixel that rounding in the shaper may add to a line that fits. */
const roundingPixels = 0.01;
/** A longer piece of text is first judged by its head, or each line of a very long word would measure all the rest of it. */
const headLength = 256;
const softHyphen = '\u00AD';

/** Sets paragraphs in lines no wider than the room, measured with `widthOf`. */
export function breakLines(
  paragraphs: readonly string[],
  room: LineRoom,
  widthOf: (line: string) => number,
): BrokenText {
  const isNarrow = (line: string) => widthOf(line) <= room.width + roundingPixels;
  const fits = (line: string) =>
    (line.length <= headLength || isNarrow(line.slice(0, headLength))) && isNarrow(line);
  const lines: string[] = [];
  let hasBrokenWord = false;
  for (const paragraph of paragraphs) {
    if (lines.length >= room.linesMax) {
      return { lines, isWhole: false, hasBrokenWord };
    }
    const set = breakParagraph(paragraph, { ...room, linesMax: room.linesMax - lines.length }, fits);
    lines.push(...set.lines);
    hasBrokenWord ||= set.hasBrokenWord;
    if (!set.isWhole) {
      return { lines, isWhole: false, hasBrokenWord };
    }
  }
  return { lines, isWhole: true, hasBrokenWord };
}

type Fits = (line: string) => boolean;

function breakParagraph(text: string, room: LineRoom, fits: Fits): BrokenText {
  if (room.wrap === 'none' || text === '') {
    return { lines: [trimLineEnd(text)], isWhole: true, hasBrokenWord: false };
  }
  const characters = graphemeEnds(text);
  const breaks = room.wrap === 'char' ? characters : lineBreaks(text);
  const lines: string[] = [];
  let hasBrokenWord = false;
  let start = 0;
  while (start < text.length && lines.length < room.linesMax) {
    const lineStart = start;
    const lineTo = (end: number) => brokenLine(text.slice(lineStart, end), end < text.length);
    const isLine = (end: number) => fits(lineTo(end));
    let end = lastFitting(breaks, lineStart, isLine);
    if (end === null) {
      // Not even the first word fits; a character always goes on the line, so that setting comes to an end.
      end = lastFitting(characters, lineStart, isLine) ?? firstAfter(characters, lineStart);
      hasBrokenWord ||= room.wrap === 'word';
    }
    lines.push(lineTo(end));
    start = end;
  }
  return { lines, isWhole: start >= text.length, hasBrokenWord };
}

/** A line as it is drawn: a soft hyphen is seen where it breaks a word, and nowhere else. */
function brokenLine(text: string, goesOn: boolean): string {
  const line = trimLineEnd(text);
  return goesOn && line.endsWith(softHyphen) ? `${line.slice(0, -1)}-` : line;
}

/**
 * The last of the sorted ends after `start` that fits, or null where the first does not.
 * It doubles its step, then halves it: a line of n words takes about log n measurements, however long the text is.
 */
export function lastFitting(
  ends: readonly number[],
  start: number,
  isFitting: (end: number) => boolean,
): number | null {
  const first = indexAfter(ends, start);
  const fitsAt = (index: number) => {
    const end = ends[index];
    return end !== undefined && isFitting(end);
  };
  if (!fitsAt(first)) {
    return null;
  }
  let good = first;
  let step = 1;
  while (fitsAt(good + step)) {
    good += step;
    step *= 2;
  }
  let bad = good + step;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (fitsAt(middle)) {
      good = middle;
    } else {
      bad = middle;
    }
  }
  return ends[good] ?? null;
}

function firstAfter(ends: readonly number[], start: number): number {
  return ends[indexAfter(ends, start)] ?? start + 1;
}

function indexAfter(ends: readonly number[], start: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ends[middle] ?? 0) > start) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
