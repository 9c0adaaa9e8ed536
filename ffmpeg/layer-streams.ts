// The frames of one layer, ready to be laid on the canvas: numbered in the part's frames, in the film's colours.
import type {
  DrawnPicture,
  FrameRate,
  Framing,
  ImagePicture,
  PlacedStill,
  SourceVideo,
  VideoPicture,
} from '../plan-compiler/render-plan.ts';
import { numberFrames, printRate, repeatPicture } from './film-clock.ts';
import { filmInput, fromRgba, hasFilmColors, mixByAlpha, scaleToFilm, toneMap } from './film-colors.ts';
import { apply, chain, inputVideo, type Stream } from './filter-graph.ts';
import { moveAcross, oversample, stripCount } from './ken-burns.ts';
import { applyFades, applyOpacity, flipAndRotate, isTranslucent } from './layer-blend.ts';
import type { LayerContext } from './layer-context.ts';
import { spanFrames } from './layer-span.ts';
import { drawnInput, imageInput, type LocalAsset } from './picture-inputs.ts';
import { playSegments } from './play-segments.ts';

export type LayerStream = {
  readonly stream: Stream<'video'>;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Nothing below it can be seen where it lies. */
  readonly isOpaque: boolean;
};

export function videoStream(layer: VideoPicture, local: LocalAsset, context: LayerContext): LayerStream {
  const source = sourceVideo(local);
  const hasAlpha = needsAlpha(layer, layer.framing, source);
  const played = playSegments(layer, local, context);
  const framed = frame(played, layer.framing, { source, hasAlpha });
  const turned = applyOpacity(flipAndRotate(framed, layer.framing, source), layer.opacity);
  const numbered = numberFrames(fill(turned, context), context.fps, context.span.from);
  return place(applyFades(numbered, layer, context.fps), layer.framing, !hasAlpha);
}

export function imageStream(layer: ImagePicture, local: LocalAsset, context: LayerContext): LayerStream {
  const source = sourceVideo(local);
  const hasAlpha = needsAlpha(layer, layer.framing, source);
  const picture = inputVideo(context.inputs.add(imageInput(local, printRate(inputRate(layer, context.fps)))));
  const still = apply(picture, 'trim', { end_frame: 1 });
  const framed =
    layer.motion === null
      ? frame(still, layer.framing, { source, hasAlpha })
      : move(layer, { still, source, hasAlpha, context });
  const turned = applyOpacity(flipAndRotate(framed, layer.framing, source), layer.opacity);
  const needsFrames = layer.motion === null && hasFades(layer);
  const repeated = needsFrames ? repeatPicture(turned, spanFrames(context.span)) : turned;
  const numbered = numberFrames(repeated, context.fps, context.span.from);
  return place(applyFades(numbered, layer, context.fps), layer.framing, !hasAlpha);
}

export function drawnStream(layer: DrawnPicture, still: PlacedStill, context: LayerContext): LayerStream {
  const picture = inputVideo(context.inputs.add(drawnInput(still, printRate(context.fps))));
  // Chroma is halved: a still at an odd place would carry its colours half a pixel off.
  const [left, top] = [Math.abs(still.x % 2), Math.abs(still.y % 2)];
  const padded =
    left + top === 0
      ? picture
      : apply(picture, 'pad', {
          width: still.width + left,
          height: still.height + top,
          x: left,
          y: top,
          color: 'black@0',
        });
  const blended = applyOpacity(fromRgba(padded), layer.opacity);
  const repeated = hasFades(layer) ? repeatPicture(blended, spanFrames(context.span)) : blended;
  const numbered = numberFrames(repeated, context.fps, context.span.from);
  return {
    stream: applyFades(numbered, layer, context.fps),
    x: still.x - left,
    y: still.y - top,
    width: still.width + left,
    height: still.height + top,
    isOpaque: false,
  };
}

function hasFades(layer: ImagePicture | DrawnPicture): boolean {
  return layer.fadeInFrames > 0 || layer.fadeOutFrames > 0;
}

function sourceVideo(local: LocalAsset): SourceVideo {
  if (local.asset.video === null)
    throw new Error('A picture layer was planned on an asset without pictures.');
  return local.asset.video;
}

function needsAlpha(layer: VideoPicture | ImagePicture, framing: Framing, source: SourceVideo): boolean {
  return source.hasAlpha || framing.rotated !== null || isTranslucent(layer);
}

type FrameRequest = { readonly source: SourceVideo; readonly hasAlpha: boolean };

/** Crop, scale, cut. Crops are shares of the picture, so that pixels that are not square need no step of their own. */
function frame(stream: Stream<'video'>, framing: Framing, request: FrameRequest): Stream<'video'> {
  const { source, hasAlpha } = request;
  const cropped = cropSource(toneMap(stream, source), framing, source);
  const isSized =
    framing.scaledWidth === source.width &&
    framing.scaledHeight === source.height &&
    !isCropped(framing, source);
  const scaled =
    isSized && !hasAlpha && hasFilmColors(source)
      ? chain(cropped, [
          ['scale', { w: source.width, h: source.height }],
          ['setsar', { sar: 1 }],
          ['format', { pix_fmts: 'yuv420p' }],
        ])
      : scaleToFilm(cropped, source, {
          width: framing.scaledWidth,
          height: framing.scaledHeight,
          hasAlpha,
          isResized:
            framing.scaledWidth !== framing.crop.width || framing.scaledHeight !== framing.crop.height,
        });
  return cutScaled(scaled, framing);
}

function cropSource(stream: Stream<'video'>, framing: Framing, source: SourceVideo): Stream<'video'> {
  if (!isCropped(framing, source)) return stream;
  const { crop } = framing;
  return apply(stream, 'crop', {
    w: `iw*${crop.width}/${source.width}`,
    h: `ih*${crop.height}/${source.height}`,
    x: `iw*${crop.x}/${source.width}`,
    y: `ih*${crop.y}/${source.height}`,
    exact: 1,
  });
}

function isCropped(framing: Framing, source: SourceVideo): boolean {
  return framing.crop.width !== source.width || framing.crop.height !== source.height;
}

function cutScaled(stream: Stream<'video'>, framing: Framing): Stream<'video'> {
  const { cut } = framing;
  if (cut.width === framing.scaledWidth && cut.height === framing.scaledHeight) return stream;
  return apply(stream, 'crop', { w: cut.width, h: cut.height, x: cut.x, y: cut.y, exact: 1 });
}

/**
 * Ken Burns: the framed picture made larger and seen through a moving window. Where only the layer is translucent, the move is made
 * without alpha, which would be one more plane to interpolate.
 */
function move(
  layer: ImagePicture,
  request: FrameRequest & { readonly still: Stream<'video'>; readonly context: LayerContext },
): Stream<'video'> {
  const { motion, framing } = layer;
  if (motion === null) return request.still;
  const { source, context } = request;
  const enlarged = enlarge(framing, oversample(motion, framing.cut));
  const still = frame(request.still, enlarged, { source, hasAlpha: source.hasAlpha });
  const frames = {
    first: context.span.from - layer.firstFrame,
    count: layer.frames,
    shown: spanFrames(context.span),
  };
  const seen = { motion, frames, box: framing.cut };
  if (source.hasAlpha) {
    return mixByAlpha(still, filmInput, (weighted) => moveAcross(weighted, { ...seen, isWeighted: true }));
  }
  const moved = moveAcross(still, seen);
  return request.hasAlpha ? apply(moved, 'format', { pix_fmts: 'yuva420p' }) : moved;
}

/** A move that goes strip by strip takes so many pictures for one. */
function inputRate({ motion, framing }: ImagePicture, fps: FrameRate): FrameRate {
  return motion === null ? fps : { ...fps, num: fps.num * stripCount(framing.cut) };
}

function enlarge(framing: Framing, factor: number): Framing {
  const by = (value: number): number => Math.round(value * factor);
  const scaledWidth = by(framing.scaledWidth);
  const scaledHeight = by(framing.scaledHeight);
  const width = Math.min(by(framing.cut.width), scaledWidth);
  const height = Math.min(by(framing.cut.height), scaledHeight);
  const x = Math.min(by(framing.cut.x), scaledWidth - width);
  const y = Math.min(by(framing.cut.y), scaledHeight - height);
  return { ...framing, scaledWidth, scaledHeight, cut: { x, y, width, height } };
}

/** Holds the last picture to the end of the span and cuts there: every layer has exactly its frames. */
function fill(stream: Stream<'video'>, context: LayerContext): Stream<'video'> {
  return chain(stream, [
    ['tpad', { stop_mode: 'clone', stop: -1 }],
    ['trim', { end_frame: spanFrames(context.span) }],
  ]);
}

function place(stream: Stream<'video'>, framing: Framing, isOpaque: boolean): LayerStream {
  const size = framing.rotated ?? framing.cut;
  return { stream, x: framing.x, y: framing.y, width: size.width, height: size.height, isOpaque };
}
