import { distance } from 'fastest-levenshtein';

/** Longer words are not compared: the cost grows with the square of the length. */
const WORD_CHARACTERS_MAX = 64;

/** The name that a mistyped word most likely meant, or null where none is near. */
export function nearestName(word: string, names: readonly string[]): string | null {
  if (word.length > WORD_CHARACTERS_MAX) return null;
  const wanted = plain(word);
  const ranked = names
    .map((name) => ({ name, steps: distance(wanted, plain(name)) }))
    .sort((a, b) => a.steps - b.steps);
  const best = ranked[0];
  return best !== undefined && best.steps <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null;
}

/** Spelling without case, "-" and "_": what `frame_rate` and `frameRate` share. */
export function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}
