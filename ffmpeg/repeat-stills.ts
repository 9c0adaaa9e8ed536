// Puts the frames of still runs back that were not encoded: coded pictures that say "as before".
import { frameNumberCycle, type PictureRun, settlingFrames } from '../plan-compiler/picture-runs.ts';
import { areSame, type CodedPicture, PictureOrder, UnfitStreamError } from './coded-pictures.ts';
import type { SkipFrames } from './skip-frames.ts';
import { numbersAfter, type PictureNumbers, withNumbers } from './slice-header.ts';

export type Insertion = {
  /** Encoded frames of the part before the first that may stand behind what is put in. */
  readonly at: number;
  readonly frames: number;
};

export function insertions(runs: readonly PictureRun[]): readonly Insertion[] {
  const found: Insertion[] = [];
  let encoded = 0;
  for (const run of runs) {
    const missing = run.frames - run.encodedFrames;
    if (missing > 0) found.push({ at: encoded + settlingFrames, frames: missing });
    encoded += run.encodedFrames;
  }
  return found;
}

/**
 * The whole stream of a part from the stream of its encoded frames. What is put in follows the last reference picture before the
 * place: at most one picture earlier, in the still run too. Throws UnfitStreamError where the stream is not built as it
 * has to be: other settings than the repeated pictures', or other numbers than must come.
 */
export async function* repeatStills(
  encoded: AsyncIterable<CodedPicture>,
  runs: readonly PictureRun[],
  skipFrames: SkipFrames,
): AsyncGenerator<CodedPicture> {
  const waiting = [...insertions(runs)];
  const order = new PictureOrder();
  let isBroken = false;
  for await (const picture of encoded) {
    if (!areSame(picture.settings, skipFrames.settings)) throw new UnfitStreamError('other settings');
    const next = order.numbers(picture.settings);
    const shownAt = order.take(picture);
    const [place] = waiting;
    if (picture.header.isReference && place !== undefined && shownAt >= place.at) {
      yield* repeated(skipFrames, next, place.frames);
      waiting.shift();
      isBroken = place.frames % frameNumberCycle !== 0;
    }
    if (isBroken && !picture.header.isKey) throw new UnfitStreamError('a key frame missing');
    isBroken = false;
    yield picture;
  }
  order.end();
  for (const place of waiting) yield* repeated(skipFrames, order.numbers(skipFrames.settings), place.frames);
}

/** From the numbers of the first of them on. */
function* repeated(
  { slice, settings }: SkipFrames,
  first: PictureNumbers,
  frames: number,
): Generator<CodedPicture> {
  const { numbering } = settings;
  for (let index = 0; index < frames; index += 1) {
    const numbers = numbersAfter(first, index, numbering);
    const header = { isKey: false, isReference: true, firstMacroblock: 0, ...numbers };
    yield { units: [withNumbers(slice, numbers, numbering)], header, settings };
  }
}
