import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asFrames } from '../../../plan-compiler/frame-time.ts';
import { picturesWithin } from '../../../plan-compiler/playback.ts';

const playback = (sourceFrame: number, frames: number, repeats: number) => ({
  sourceFrame: asFrames(sourceFrame),
  frames: asFrames(frames),
  repeats,
});

describe('the pictures of a video layer', () => {
  test('play once and are then held', () => {
    expect(picturesWithin(playback(5, 10, 1), 0, 15)).toEqual({
      segments: [{ sourceFrame: 5, frames: 10 }],
      holdFrames: 5,
    });
  });

  test('are written out where they repeat, cut at both ends', () => {
    expect(picturesWithin(playback(5, 10, 3), 8, 25)).toEqual({
      segments: [
        { sourceFrame: 13, frames: 2 },
        { sourceFrame: 5, frames: 10 },
        { sourceFrame: 5, frames: 5 },
      ],
      holdFrames: 0,
    });
  });

  test('that only stand still show the last one', () => {
    expect(picturesWithin(playback(5, 10, 1), 20, 50)).toEqual({
      segments: [{ sourceFrame: 14, frames: 1 }],
      holdFrames: 29,
    });
  });

  test('are the same frame by frame, however a layer is sliced', () => {
    const repeats = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(Number.POSITIVE_INFINITY));
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 79 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.integer({ min: 1, max: 30 }),
        repeats,
        cuts,
        (start, frames, times, inner) => {
          const source = playback(start, frames, times);
          const edges = [0, ...inner.toSorted((a, b) => a - b), 80];
          const shown = edges
            .slice(1)
            .flatMap((end, index) => framesShown(picturesWithin(source, edges[index]!, end)));
          const expected = Array.from({ length: 80 }, (_, at) =>
            at < frames * times ? start + (at % frames) : start + frames - 1,
          );
          expect(shown).toEqual(expected);
        },
      ),
    );
  });
});

function framesShown({ segments, holdFrames }: ReturnType<typeof picturesWithin>): number[] {
  const played = segments.flatMap(({ sourceFrame, frames }) =>
    Array.from({ length: frames }, (_, index) => sourceFrame + index),
  );
  return [...played, ...Array.from({ length: holdFrames }, () => played.at(-1)!)];
}
