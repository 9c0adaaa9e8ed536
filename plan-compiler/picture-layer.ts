import type { Layer } from '../contract/layers.ts';
import type { FilmContext, Span } from './film-context.ts';
import { asFrames, frameAt } from './frame-time.ts';
import { frameSource, isOffCanvas } from './framing.ts';
import { layerBox } from './geometry.ts';
import { checkFades, clampFades, cutExtent } from './layer-timing.ts';
import type { MeasuredImage, MeasuredLayer, MeasuredStill, MeasuredVideo } from './measure-layer.ts';
import { longestPart } from './parts.ts';
import type { Drawing, Frames, Framing, Motion } from './render-plan.ts';
import { drawColor, drawShape } from './shape-drawing.ts';
import type { WholeLayer } from './slice-layer.ts';
import { drawText } from './text-drawing.ts';

/** Each repeat is an input of its own for FFmpeg, so only so many fit into one run. */
const REPEATS_PER_PART_MAX = 100;

type Pictured = MeasuredVideo | MeasuredImage | MeasuredStill;
type Timing = Pick<WholeLayer, 'firstFrame' | 'frames' | 'fadeInFrames' | 'fadeOutFrames' | 'opacity'>;
type Content<L> = L extends WholeLayer ? Omit<L, keyof Timing> : never;

/** The picture of a layer over its whole span; null where it shows nothing. All its faults are reported first. */
export function pictureLayer(measured: MeasuredLayer, span: Span, film: FilmContext): WholeLayer | null {
  if (measured.kind === 'audio') return null;
  const content = pictureContent(measured, film);
  const timing = pictureTiming(measured, span, film);
  if (content === null || timing === null || timing.opacity === 0) return null;
  if (measured.kind === 'video') checkRepeats(measured, timing.frames, { span, film });
  if (content.kind !== 'drawn' && isOffCanvas(content.framing, film.canvas)) return null;
  return { ...content, ...timing };
}

function pictureContent(measured: Pictured, film: FilmContext): Content<WholeLayer> | null {
  if (measured.kind === 'still') return { kind: 'drawn', drawing: draw(measured, film) };
  const framing = frame(measured, film);
  const motion = measured.kind === 'image' ? readMotion(measured.layer.motion, measured.path, film) : null;
  if (framing === null) return null;
  const asset = measured.asset.sha256;
  return measured.kind === 'image'
    ? { kind: 'image', asset, framing, motion }
    : { kind: 'video', asset, framing, playback: measured.window };
}

function draw({ layer, path }: MeasuredStill, film: FilmContext): Drawing {
  switch (layer.type) {
    case 'text':
      return drawText(layer, path, film);
    case 'color':
      return drawColor(layer, path, film);
    case 'shape':
      return drawShape(layer, path, film);
    default:
      return layer satisfies never;
  }
}

function frame(measured: MeasuredVideo | MeasuredImage, film: FilmContext): Framing | null {
  const { layer, path, video } = measured;
  const box = layerBox(layer, film.canvas, { path, log: film.log });
  const source = { width: video.width, height: video.height };
  return frameSource({ layer, path, box, source }, film.log);
}

function readMotion(
  motion: (Layer & { type: 'image' })['motion'],
  path: string,
  film: FilmContext,
): Motion | null {
  if (motion === undefined) return null;
  for (const end of ['from', 'to'] as const) {
    const { x, y, width, height } = motion[end];
    // A trillionth of grace for sums such as 0.7 + 0.3.
    if (x + width <= 1 + 1e-12 && y + height <= 1 + 1e-12) continue;
    film.log.report({
      code: 'motion-outside-picture',
      path: `${path}.motion.${end}`,
      message: 'The rectangle reaches past the right or lower edge of the picture.',
      hint: 'Let x + width and y + height be at most 1.',
    });
  }
  return { from: motion.from, to: motion.to, easing: motion.easing };
}

function pictureTiming({ layer, path, extent }: Pictured, span: Span, film: FilmContext): Timing | null {
  const frames = cutExtent(extent, span, { layer, path, film });
  if (frames === null) return null;
  const inSeconds = layer.in?.duration ?? 0;
  const outSeconds = layer.out?.duration ?? 0;
  const fadePath = `${path}.${layer.out === undefined ? 'in' : 'out'}.duration`;
  checkFades({ inSeconds, outSeconds, frames }, span, { path: fadePath, film });
  const [rise, fall] = clampFades(frameAt(inSeconds, film.rate), frameAt(outSeconds, film.rate), frames);
  return {
    firstFrame: extent.startFrame,
    frames,
    fadeInFrames: asFrames(rise),
    fadeOutFrames: asFrames(fall),
    opacity: layer.opacity,
  };
}

function checkRepeats(
  { window, path }: MeasuredVideo,
  frames: Frames,
  { span, film }: { readonly span: Span; readonly film: FilmContext },
): void {
  const inOnePart = Math.min(frames, longestPart(film), window.frames * window.repeats);
  if (!span.isKnown || inOnePart <= window.frames * REPEATS_PER_PART_MAX) return;
  film.log.report({
    code: 'too-many-repeats',
    path: `${path}.loop`,
    message: `${window.frames} frames of the source would be repeated more than ${REPEATS_PER_PART_MAX} times in one run.`,
    hint: 'Loop a longer stretch of the source, or upload it already repeated.',
  });
}
