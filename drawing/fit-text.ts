// What happens to text that does not fit its box: it is let out, cut, ended with an ellipsis, or made smaller.
import type { TextDrawing } from '../plan-compiler/render-plan.ts';
import { type BrokenText, breakLines } from './break-lines.ts';
import { paragraphsOf } from './clean-text.ts';
import { endWithEllipsis } from './ellipsis.ts';
import { fullLettering, type Lettering, scaledLettering, type TextMeter } from './lettering.ts';

/** Pixels inside the box's padding. */
export type TextRoom = { readonly width: number; readonly height: number };

export type FittedText = { readonly lines: readonly string[]; readonly lettering: Lettering };

type Job = {
  readonly drawing: TextDrawing;
  readonly paragraphs: readonly string[];
  readonly room: TextRoom;
  readonly meter: TextMeter;
};

const fontSizeMin = 4;
/** Sizes tried are multiples of this, so that a text has few possible sizes. */
const fontSizeStep = 0.25;
/** Enough to halve 2000 px down to one step. */
const shrinkStepsMax = 14;
const roundingPixels = 0.01;

export function fitText(drawing: TextDrawing, room: TextRoom, meter: TextMeter): FittedText {
  const job: Job = { drawing, paragraphs: paragraphsOf(drawing.text), room, meter };
  switch (drawing.overflow) {
    case 'visible':
    case 'clip':
      return atFullSize(job, drawing.maxLines ?? Number.POSITIVE_INFINITY);
    case 'ellipsis':
      return withEllipsis(job);
    case 'shrink':
      return shrunk(job);
    default:
      return drawing.overflow satisfies never;
  }
}

function atFullSize(job: Job, linesMax: number): FittedText {
  const lettering = fullLettering(job.drawing);
  return { lines: setText(job, lettering, linesMax).lines, lettering };
}

function withEllipsis(job: Job): FittedText {
  const { drawing, room, meter } = job;
  const lettering = fullLettering(drawing);
  const set = setText(job, lettering, Math.min(linesInRoom(job, lettering), linesAllowed(drawing)));
  const isWide = (line: string) => meter.widthOf(line, lettering) > room.width + roundingPixels;
  const lines = set.lines.map((line, index) => {
    const isCut = !set.isWhole && index === set.lines.length - 1;
    return isCut || isWide(line) ? endWithEllipsis(line, (shortened) => !isWide(shortened)) : line;
  });
  return { lines, lettering };
}

/** The largest size at which everything fits; where none does, the smallest, out of which text may still reach. */
function shrunk(job: Job): FittedText {
  const { drawing } = job;
  const full = fittingAt(job, drawing.fontSize);
  if (full !== null || drawing.fontSize <= fontSizeMin) {
    return full ?? atFullSize(job, linesAllowed(drawing));
  }
  let low = Math.ceil(fontSizeMin / fontSizeStep);
  let high = Math.ceil(drawing.fontSize / fontSizeStep);
  let best: FittedText | null = null;
  for (let step = 0; step < shrinkStepsMax && high - low > 1; step += 1) {
    const middle = Math.floor((low + high) / 2);
    const fitted = fittingAt(job, middle * fontSizeStep);
    if (fitted === null) {
      high = middle;
    } else {
      best = fitted;
      low = middle;
    }
  }
  return best ?? atSmallestSize(job);
}

function atSmallestSize(job: Job): FittedText {
  const lettering = scaledLettering(job.drawing, fontSizeMin);
  return { lines: setText(job, lettering, linesAllowed(job.drawing)).lines, lettering };
}

function fittingAt(job: Job, fontSize: number): FittedText | null {
  const { drawing, room, meter } = job;
  const lettering = scaledLettering(drawing, fontSize);
  // No more lines than have room are set: a size that is far too large is given up early.
  const set = setText(job, lettering, Math.min(linesInRoom(job, lettering), linesAllowed(drawing)));
  const isFitting =
    set.isWhole &&
    !set.hasBrokenWord &&
    set.lines.length * lettering.fontSize * drawing.lineHeight <= room.height + roundingPixels &&
    set.lines.every((line) => meter.widthOf(line, lettering) <= room.width + roundingPixels);
  return isFitting ? { lines: set.lines, lettering } : null;
}

function setText(job: Job, lettering: Lettering, linesMax: number): BrokenText {
  const { drawing, paragraphs, room, meter } = job;
  const lineRoom = { wrap: drawing.wrap, width: room.width, linesMax };
  return breakLines(paragraphs, lineRoom, (line) => meter.widthOf(line, lettering));
}

function linesAllowed(drawing: TextDrawing): number {
  return drawing.maxLines ?? Number.POSITIVE_INFINITY;
}

/** At least one: a box lower than a line still shows that line. */
function linesInRoom({ drawing, room }: Job, lettering: Lettering): number {
  const lineHeight = lettering.fontSize * drawing.lineHeight;
  return Math.max(1, Math.floor((room.height + roundingPixels) / lineHeight));
}
