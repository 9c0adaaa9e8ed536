// Puts the frames of still runs back that were not encoded: coded pictures that say "as before".
import { RenderError } from '../contract/errors.ts';
import { frameNumberCycle, type PictureRun, settlingFrames } from '../plan-compiler/picture-runs.ts';
import {
  frameNumber,
  isSlice,
  type NalUnit,
  nalType,
  nalTypes,
  readUnits,
  withStartCode,
} from './h264-units.ts';
import type { SkipFrames } from './skip-frames.ts';

/** How many frames are put in, by the number of encoded frames before them. */
export function insertions(runs: readonly PictureRun[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  let encoded = 0;
  for (const run of runs) {
    const missing = run.frames - run.encodedFrames;
    if (missing > 0) places.set(encoded + settlingFrames, missing);
    encoded += run.encodedFrames;
  }
  return places;
}

/**
 * The whole stream of a part from the stream of its encoded frames. Fails with SCENE_RENDER_FAILED where the stream is not
 * built as it has to be: other settings than the repeated pictures', or frame numbers that do not follow each other.
 */
export async function* repeatStills(
  encoded: AsyncIterable<Buffer>,
  runs: readonly PictureRun[],
  skipFrames: SkipFrames,
): AsyncGenerator<Buffer> {
  const places = insertions(runs);
  const counter = new FrameCounter();
  for await (const unit of readUnits(encoded)) {
    checkSettings(unit, skipFrames);
    yield withStartCode(unit);
    if (!isSlice(unit)) continue;
    counter.take(unit);
    for (let left = places.get(counter.frames) ?? 0; left > 0; left -= 1) {
      yield withStartCode(skipFrames.slices[counter.advance()] ?? unit);
    }
  }
  const expected = runs.reduce((sum, run) => sum + run.encodedFrames, 0);
  if (counter.frames !== expected) throw unfit(`${counter.frames} pictures instead of ${expected}`);
}

/** Follows the frame numbers of a stream: 0 at a key frame, one more with each picture, modulo 16. */
class FrameCounter {
  /** Pictures taken from the stream. */
  frames = 0;
  private last = -1;

  take(slice: NalUnit): void {
    if (nalType(slice) === nalTypes.keySlice) this.last = -1;
    const number = this.advance();
    if (frameNumber(slice) !== number) throw unfit(`frame number ${frameNumber(slice)} instead of ${number}`);
    this.frames += 1;
  }

  /** The number of the picture that comes next. */
  advance(): number {
    this.last = (this.last + 1) % frameNumberCycle;
    return this.last;
  }
}

function checkSettings(unit: NalUnit, { parameterSets }: SkipFrames): void {
  const type = nalType(unit);
  if (type !== nalTypes.sequenceParameters && type !== nalTypes.pictureParameters) return;
  if (!parameterSets.some((known) => known.equals(unit))) throw unfit('other settings');
}

function unfit(what: string): RenderError {
  return new RenderError('SCENE_RENDER_FAILED', `The encoder's stream cannot be repeated: ${what}.`, {
    hint: 'Set REPEAT_STILLS=off on all workers, so that every frame is encoded.',
  });
}
