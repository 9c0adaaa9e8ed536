// A slow move over a still picture. zoompan rounds its window to whole pixels, which trembles at slow speeds; perspective
// places it to 1/256 pixel (11 ms for a 1080p frame against 15 ms for zoompan on a doubled picture).
import type { Easing, Motion, ViewRect } from '../plan-compiler/render-plan.ts';
import type { FilterOptions } from './filter-graph.ts';
import { printNumber } from './print-graph.ts';

export type MotionFrames = {
  /** Frame of the layer that the stream's first frame is. */
  readonly first: number;
  /** The layer's whole length. */
  readonly count: number;
};

/** How much larger than its box the still is prepared, so that the closest view is still sharp; costs its square in time. */
const oversampleMax = 1.5;

export function oversample(motion: Motion): number {
  const closest = Math.min(motion.from.width, motion.from.height, motion.to.width, motion.to.height);
  return Math.min(1 / closest, oversampleMax);
}

/**
 * Options of `perspective` for a picture of `oversampled` times its box. The filter's output is as large as its input, so
 * the view is continued beyond the box and the box cut out afterwards.
 */
export function perspectiveOptions(
  motion: Motion,
  frames: MotionFrames,
  scale: { readonly x: number; readonly y: number },
): FilterOptions {
  const progress = easedProgress(motion.easing, frames);
  const left = between(motion.from.x, motion.to.x, progress);
  const top = between(motion.from.y, motion.to.y, progress);
  const right = between(edge(motion.from, 'x', scale.x), edge(motion.to, 'x', scale.x), progress);
  const bottom = between(edge(motion.from, 'y', scale.y), edge(motion.to, 'y', scale.y), progress);
  return {
    x0: `W*${left}`,
    y0: `H*${top}`,
    x1: `W*${right}`,
    y1: `H*${top}`,
    x2: `W*${left}`,
    y2: `H*${bottom}`,
    x3: `W*${right}`,
    y3: `H*${bottom}`,
    sense: 'source',
    eval: 'frame',
    interpolation: 'linear',
  };
}

/** Where the view ends when it is continued to the size of the oversampled picture. */
function edge(view: ViewRect, axis: 'x' | 'y', scale: number): number {
  return axis === 'x' ? view.x + view.width * scale : view.y + view.height * scale;
}

function between(from: number, to: number, progress: string): string {
  if (from === to) return `(${printNumber(from)})`;
  return `(${printNumber(from)}+${printNumber(to - from)}*${progress})`.replace('+-', '-');
}

/** 0 at the layer's first frame, 1 at its last. The filter counts its frames from 1. */
function easedProgress(easing: Easing, frames: MotionFrames): string {
  const last = Math.max(1, frames.count - 1);
  const linear = `(on-1+${frames.first})/${last}`;
  switch (easing) {
    case 'linear':
      return `(${linear})`;
    case 'easeIn':
      return `pow(${linear},3)`;
    case 'easeOut':
      return `(1-pow(1-${linear},3))`;
    case 'easeInOut':
      // Cubic, as in CSS-like easing tables: 4u³ up to the middle, then its mirror image.
      return `if(lt(${linear},0.5),4*pow(${linear},3),1-4*pow(1-${linear},3))`;
  }
}
