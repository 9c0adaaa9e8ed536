// Where a part's picture moves and where it stands still: a picture that stands still is encoded for a moment only, and
// its coded pictures are then repeated.
import { asFrames } from './frame-time.ts';
import type { Frames, OutputSpec, PictureLayer, PicturePlan } from './render-plan.ts';

/** Frames [start, start + frames) of a part, in the order they are shown. */
export type PictureRun = {
  readonly start: number;
  readonly frames: Frames;
  /** Every frame of a still run looks like its first. */
  readonly isStill: boolean;
  /** How many frames are encoded; the other frames of the run repeat the last of the first `settlingFrames`. */
  readonly encodedFrames: Frames;
};

/**
 * A picture that stands still is encoded so long before it is repeated: x264 looks 10 frames ahead, and after four
 * predicted frames a still 1080p title was as good as it got (the coded frames no longer changed in size).
 */
export const settlingFrames = 16;

/**
 * The frame number in a coded picture's header counts modulo 16 (x264's log2_max_frame_num is 4 with so few reference
 * frames), its order of display modulo 8 pictures, so whole multiples of 16 can be put between two pictures without touching either.
 * Checked by `SkipFrames`.
 */
export const frameNumberCycle = 16;

/** The runs of a part; a single one that moves where repeating is switched off. */
export function pictureRuns(picture: PicturePlan, output: Pick<OutputSpec, 'video'>): readonly PictureRun[] {
  if (!output.video.repeatsStills) return [moving(0, picture.frames)];
  const { gopFrames } = output.video;
  const cut = stretches(picture).flatMap((stretch) => cutAtKeyFrames(stretch, gopFrames));
  return mergeMoving(cut.map((stretch) => toRun(stretch, { partFrames: picture.frames, gopFrames })));
}

/** Frames that go through the encoder. */
export function encodedFrames(runs: readonly PictureRun[]): number {
  return runs.reduce((sum, run) => sum + run.encodedFrames, 0);
}

/**
 * Where key frames are to stand, as positions among the encoded frames: at every multiple of the longest distance in the part,
 * repeated frames counted.
 */
export function keyFramePositions(runs: readonly PictureRun[], gopFrames: number): readonly number[] {
  const positions: number[] = [];
  let encoded = 0;
  for (const run of runs) {
    for (let at = nextMultiple(run.start, gopFrames); at < run.start + run.frames; at += gopFrames) {
      if (at > 0) positions.push(encoded + at - run.start);
    }
    encoded += run.encodedFrames;
  }
  return positions;
}

function nextMultiple(from: number, of: number): number {
  return Math.ceil(from / of) * of;
}

/** Whether a layer is there, and looks the same, from the part's first frame to its last. */
export function standsThroughout(layer: PictureLayer, partFrames: number): boolean {
  const { visible, movements } = motionSpans(layer, partFrames);
  return visible.from === 0 && visible.to === partFrames && movements.length === 0;
}

type Stretch = { readonly start: number; readonly end: number; readonly isStill: boolean };

/** The part cut wherever a layer comes, goes, or begins or ends to move. */
function stretches(picture: PicturePlan): readonly Stretch[] {
  const spans = picture.layers.map((layer) => motionSpans(layer, picture.frames));
  const edges = spans.flatMap(({ visible, movements }) =>
    [visible, ...movements].flatMap(({ from, to }) => [from, to]),
  );
  const cuts = [...new Set([0, ...edges, picture.frames])]
    .filter((cut) => cut >= 0 && cut <= picture.frames)
    .sort((a, b) => a - b);
  const movements = spans.flatMap((span) => span.movements);
  return cuts.slice(0, -1).map((start, index) => ({
    start,
    end: cuts[index + 1] ?? picture.frames,
    isStill: !movements.some(({ from, to }) => from <= start && start < to),
  }));
}

type Span = { readonly from: number; readonly to: number };

/** When a layer is seen, and when it is seen to change from frame to frame. */
function motionSpans(
  layer: PictureLayer,
  partFrames: number,
): { readonly visible: Span; readonly movements: readonly Span[] } {
  const end = layer.firstFrame + layer.frames;
  const visible = { from: Math.max(0, layer.firstFrame), to: Math.min(partFrames, end) };
  const movements = [
    { from: layer.firstFrame, to: layer.firstFrame + layer.fadeInFrames },
    { from: end - layer.fadeOutFrames, to: end },
    ownMovement(layer, visible),
  ];
  const seen = movements.map(({ from, to }) => ({
    from: Math.max(from, visible.from),
    to: Math.min(to, visible.to),
  }));
  return { visible, movements: seen.filter(({ from, to }) => to > from) };
}

function ownMovement(layer: PictureLayer, visible: Span): Span {
  switch (layer.kind) {
    case 'video': {
      // From the last picture that plays on it is the one that is held.
      const played = layer.segments.reduce((sum, { frames }) => sum + frames, 0);
      return { from: visible.from, to: visible.from + played - 1 };
    }
    case 'image':
      return layer.motion === null ? { from: visible.from, to: visible.from } : visible;
    case 'drawn':
      return { from: visible.from, to: visible.from };
  }
}

/** A long still is cut where key frames are to stand, so that each of them is encoded. */
function cutAtKeyFrames(stretch: Stretch, gopFrames: number): readonly Stretch[] {
  if (!stretch.isStill) return [stretch];
  const starts = [stretch.start];
  for (let at = nextMultiple(stretch.start + 1, gopFrames); at < stretch.end; at += gopFrames)
    starts.push(at);
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? stretch.end, isStill: true }));
}

function toRun(
  { start, end, isStill }: Stretch,
  within: { readonly partFrames: number; readonly gopFrames: number },
): PictureRun {
  const frames = asFrames(end - start);
  if (!isStill) return moving(start, frames);
  // Before a key frame and at the end nothing has to fit, so any number can be repeated.
  const isFree = end === within.partFrames || end % within.gopFrames === 0;
  const repeatable = frames - settlingFrames;
  const repeated = isFree ? repeatable : Math.floor(repeatable / frameNumberCycle) * frameNumberCycle;
  if (repeated < 1) return moving(start, frames);
  return { start, frames, isStill, encodedFrames: asFrames(frames - repeated) };
}

function moving(start: number, frames: number): PictureRun {
  const all = asFrames(frames);
  return { start, frames: all, isStill: false, encodedFrames: all };
}

/** What is encoded frame by frame stays in one piece. */
function mergeMoving(runs: readonly PictureRun[]): readonly PictureRun[] {
  const merged: PictureRun[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (last === undefined || last.isStill || run.isStill) merged.push(run);
    else merged[merged.length - 1] = moving(last.start, last.frames + run.frames);
  }
  return merged;
}
