// A slow move over a still picture. zoompan rounds its window to whole pixels, which trembles at slow speeds; perspective
// places it to 1/256 pixel, but costs by the size of its input: so it gets no more than the piece that is seen, in strips.
import type { Easing, Motion } from '../plan-compiler/render-plan.ts';
import { repeatPicture } from './film-clock.ts';
import { chain, combine, type FilterOptions, type Stream } from './filter-graph.ts';
import {
  cutLength,
  largestStep,
  type MotionFrames,
  type MoveStep,
  moveSteps,
  type Size,
} from './move-steps.ts';
import { printNumber } from './print-graph.ts';

/** The steps' pictures are scaled from one that is larger still: scaled from one of their own size they lose more. */
const preparedScale = 1.25;

/** perspective keeps 8 bytes for each pixel, rewritten with each frame: where they leave the cache it is a third slower. */
const stripPixelsMax = 1920 * 270;

/** The sharpness that interpolation between two pixels takes, on average, is given beforehand: less of it to chroma. */
const brightness = '-4 -8 -4 -8 208 -8 -4 -8 -4';
const chroma = '-3 -6 -3 -6 196 -6 -3 -6 -3';
const sharpenFilm = sharpen([brightness, chroma, chroma]);
/** Green, blue, red and opacity alike, so that they keep to each other. */
const sharpenWeighted = sharpen([brightness, brightness, brightness, brightness]);

/** How much larger than its box the still is to be prepared for `moveAcross`. */
export function oversample(motion: Motion, box: Size): number {
  return (preparedScale * largestStep(motion, box).width) / box.width;
}

/** The frames of a box through which the view moves over a prepared still. */
export function moveAcross(still: Stream<'video'>, request: MoveRequest): Stream<'video'> {
  const { motion, frames, box, isWeighted = false } = request;
  const steps = moveSteps(motion, frames, box);
  const strips = cutStrips(box);
  const move: Move = { motion, frames, steps, strips };
  const pictures = join(
    steps.map((step) =>
      repeatPicture(makeStep(still, step, { steps, isWeighted }), step.frames * strips.count),
    ),
  );
  const across: Axis = {
    view: [motion.from.width, motion.to.width],
    start: [motion.from.x, motion.to.x],
    sizes: steps.map(({ width }) => width),
    box: box.width,
    strip: 0,
    cut: cutLength(box.width),
  };
  const down: Axis = {
    view: [motion.from.height, motion.to.height],
    start: [motion.from.y, motion.to.y],
    sizes: steps.map(({ height }) => height),
    box: box.height,
    strip: strips.height,
    cut: cutLength(strips.height),
  };
  return chain(pictures, [
    // Whole pixels are cut, the rest of the way is made by perspective.
    ['crop', { w: across.cut, h: down.cut, x: cutAt(across, move), y: cutAt(down, move), exact: 1 }],
    ['perspective', corners(edges(across, move), edges(down, move))],
    ['crop', { w: box.width, h: strips.height, x: 0, y: 0, exact: 1 }],
    ...joinStrips(strips, box),
  ]);
}

type MoveRequest = {
  readonly motion: Motion;
  readonly frames: MotionFrames;
  readonly box: Size;
  /** The still is RGB with alpha, its colours weighted by their opacity (`mixByAlpha`); else in the film's colours, without alpha. */
  readonly isWeighted?: boolean;
};

type Strips = { readonly count: number; readonly height: number };

type Move = {
  readonly motion: Motion;
  readonly frames: MotionFrames;
  readonly steps: readonly MoveStep[];
  readonly strips: Strips;
};

/** Into how many strips a box is cut: `tile` divides the stream's rate by it. */
export function stripCount(box: Size): number {
  return Math.ceil((box.width * box.height) / stripPixelsMax);
}

/** Even ones, since chroma is halved; the last may reach below the box. */
function cutStrips(box: Size): Strips {
  const count = stripCount(box);
  return { count, height: count === 1 ? box.height : 2 * Math.ceil(box.height / count / 2) };
}

function joinStrips({ count }: Strips, box: Size): readonly (readonly [string, FilterOptions])[] {
  if (count === 1) return [];
  return [
    ['tile', { layout: `1x${count}` }],
    ['crop', { w: box.width, h: box.height, x: 0, y: 0, exact: 1 }],
  ];
}

/** One direction of a move: from and to as shares of the picture, lengths in pixels. */
type Axis = {
  readonly view: readonly [number, number];
  readonly start: readonly [number, number];
  /** The picture's length in each step. */
  readonly sizes: readonly number[];
  readonly box: number;
  /** How far the strips lie from each other. */
  readonly strip: number;
  /** The length that is cut out. */
  readonly cut: number;
};

/**
 * Leaves in the variables: 0 the frame, 1 the picture's length, 2 the progress, 3 its pixels for one of the box, 4 where the
 * strip begins on it, 5 where it is cut: at an even place, with one pixel before it for the interpolation.
 */
function place(axis: Axis, { motion, frames, steps, strips }: Move, strip: 'n' | '(on-1)'): string {
  const size = steps
    .slice(0, -1)
    .reduceRight(
      (later, step, index) => `if(lt(ld(0),${step.start + step.frames}),${axis.sizes[index]},${later})`,
      String(axis.sizes.at(-1)),
    );
  return [
    `st(0,floor(${strip}/${strips.count}));`,
    `st(1,${size});`,
    `st(2,${easedProgress(motion.easing, frames)});`,
    `st(3,ld(1)*${between(axis.view)}/${axis.box});`,
    `st(4,ld(1)*${between(axis.start)}+mod(${strip},${strips.count})*${axis.strip}*ld(3));`,
    `st(5,max(0,min(2*trunc((ld(4)-1)/2),ld(1)-${axis.cut})));`,
  ].join('');
}

function cutAt(axis: Axis, move: Move): string {
  return `${place(axis, move, 'n')}ld(5)`;
}

/** Where the first pixel of the cut lies, and the one after its last: a pixel's place is its middle. */
function edges(axis: Axis, move: Move): readonly [string, string] {
  const start = `${place(axis, move, '(on-1)')}ld(4)-ld(5)+(ld(3)-1)/2`;
  return [start, `${start}+${axis.cut}*ld(3)`];
}

function join(pictures: readonly Stream<'video'>[]): Stream<'video'> {
  const [first, ...rest] = pictures;
  if (first === undefined) throw new Error('A move needs at least one frame.');
  return rest.length === 0 ? first : combine([first, ...rest], 'concat', { n: pictures.length, v: 1, a: 0 });
}

type Steps = { readonly steps: readonly MoveStep[]; readonly isWeighted: boolean };

/** The picture of one step, with a margin where another is larger: the filters after it know one size only. */
function makeStep(still: Stream<'video'>, step: MoveStep, { steps, isWeighted }: Steps): Stream<'video'> {
  const width = Math.max(...steps.map((other) => other.width));
  const height = Math.max(...steps.map((other) => other.height));
  return chain(still, [
    ['scale', { w: step.width, h: step.height, flags: 'bicubic+accurate_rnd+bitexact' }],
    ['setsar', { sar: 1 }],
    ['convolution', isWeighted ? sharpenWeighted : sharpenFilm],
    ['pad', { width, height, x: 0, y: 0 }],
  ]);
}

/** One matrix for each plane; their sums are 160. */
function sharpen(matrices: readonly string[]): FilterOptions {
  return Object.fromEntries(
    matrices.flatMap((matrix, plane) => [
      [`${plane}m`, matrix],
      [`${plane}rdiv`, '1/160'],
    ]),
  );
}

function corners(
  [left, right]: readonly [string, string],
  [top, bottom]: readonly [string, string],
): FilterOptions {
  return {
    x0: left,
    y0: top,
    x1: right,
    y1: top,
    x2: left,
    y2: bottom,
    x3: right,
    y3: bottom,
    sense: 'source',
    eval: 'frame',
    interpolation: 'linear',
  };
}

function between([from, to]: readonly [number, number]): string {
  if (from === to) return printNumber(from);
  return `(${printNumber(from)}+${printNumber(to - from)}*ld(2))`.replace('+-', '-');
}

/** 0 at the layer's first frame, 1 at its last. */
function easedProgress(easing: Easing, frames: MotionFrames): string {
  const last = Math.max(1, frames.count - 1);
  const linear = `(ld(0)+${frames.first})/${last}`;
  switch (easing) {
    case 'linear':
      return linear;
    case 'easeIn':
      return `pow(${linear},3)`;
    case 'easeOut':
      return `1-pow(1-${linear},3)`;
    case 'easeInOut':
      // Cubic, as in CSS-like easing tables: 4u³ up to the middle, then its mirror image.
      return `if(lt(${linear},0.5),4*pow(${linear},3),1-4*pow(1-${linear},3))`;
  }
}
