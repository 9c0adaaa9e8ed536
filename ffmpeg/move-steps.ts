// How large the picture of a slow move is prepared, and for which frames: the closer the view, the larger, in small steps, so
// that the piece that is seen is always about as large as its box.
import type { Easing, Motion } from '../plan-compiler/render-plan.ts';

export type MotionFrames = {
  /** Frame of the layer that the stream's first frame is. */
  readonly first: number;
  /** The layer's whole length. */
  readonly count: number;
  /** The stream's length. */
  readonly shown: number;
};

export type Size = { readonly width: number; readonly height: number };

/** Frames [start, start + frames) of the stream, seen on a picture of this size. */
export type MoveStep = Size & { readonly start: number; readonly frames: number };

/** How far a step's picture is stretched at the end of the step: next to nothing, so that no step is seen to begin. */
const stretchMax = 1.05;

/** Closer views are stretched: a picture costs the square of its size once for each step. */
const oversampleMax = 1.5;

/** The steps that a stream goes through; which frame belongs to which depends on the layer alone, not on the part. */
export function moveSteps(motion: Motion, frames: MotionFrames, box: Size): readonly MoveStep[] {
  const views = stepViews(motion);
  const steps: MoveStep[] = [];
  for (let frame = 0; frame < frames.shown; frame += 1) {
    const size = stepSize(viewAt(motion, frames, frame), views, box);
    const last = steps.at(-1);
    if (last?.width === size.width && last.height === size.height)
      steps[steps.length - 1] = { ...last, frames: last.frames + 1 };
    else steps.push({ ...size, start: frame, frames: 1 });
  }
  return steps;
}

/** The picture of the closest step, the largest of all. */
export function largestStep(motion: Motion, box: Size): Size {
  return stepSize(0, stepViews(motion), box);
}

/** What is cut out around a box: it may begin up to three pixels early, and a view may be four pixels larger. */
export function cutLength(boxLength: number): number {
  return boxLength + 8 + (boxLength % 2);
}

/** The widest view of each step, as a share of the picture. */
function stepViews(motion: Motion): readonly number[] {
  const sizes = [motion.from, motion.to].map(({ width, height }) => Math.max(width, height));
  const widest = Math.max(...sizes, 1 / oversampleMax);
  const closest = Math.max(Math.min(...sizes), 1 / oversampleMax);
  const steps = Math.max(1, Math.ceil(Math.log(widest / closest) / Math.log(stretchMax)));
  return Array.from({ length: steps }, (_, step) => widest * (closest / widest) ** (step / steps));
}

function stepSize(view: number, views: readonly number[], box: Size): Size {
  const widest = views.findLast((candidate) => candidate >= view - 1e-9) ?? 1;
  const length = (boxLength: number): number =>
    2 * Math.floor(Math.max(cutLength(boxLength), (boxLength + 4) / widest) / 2);
  return { width: length(box.width), height: length(box.height) };
}

function viewAt({ from, to, easing }: Motion, frames: MotionFrames, frame: number): number {
  const progress = ease(easing, (frames.first + frame) / Math.max(1, frames.count - 1));
  const between = (a: number, b: number): number => a + (b - a) * progress;
  return Math.max(between(from.width, to.width), between(from.height, to.height));
}

/** As `easedProgress` says it to FFmpeg. */
function ease(easing: Easing, linear: number): number {
  switch (easing) {
    case 'linear':
      return linear;
    case 'easeIn':
      return linear ** 3;
    case 'easeOut':
      return 1 - (1 - linear) ** 3;
    case 'easeInOut':
      return linear < 0.5 ? 4 * linear ** 3 : 1 - 4 * (1 - linear) ** 3;
  }
}
