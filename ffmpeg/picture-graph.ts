// A scene's picture as a filter graph: a base and the layers laid on it, bottom up.
import type { OutputSpec, PictureLayer, PicturePlan, PlacedStill } from '../plan-compiler/render-plan.ts';
import type { FfmpegInput } from './ffmpeg-command.ts';
import { numberFrames, printRate, repeatPicture } from './film-clock.ts';
import { printColor } from './film-colors.ts';
import { chain, combine, type FilterOptions, generate, type Stream } from './filter-graph.ts';
import type { LayerContext } from './layer-context.ts';
import { type Span, visibleSpan } from './layer-span.ts';
import { drawnStream, imageStream, type LayerStream, videoStream } from './layer-streams.ts';
import { InputList, type LocalAssets, localAsset } from './picture-inputs.ts';
import { printNumber } from './print-graph.ts';

export type PictureRequest = {
  readonly picture: PicturePlan;
  readonly output: OutputSpec;
  readonly assets: LocalAssets;
  /** One for each drawn layer, in the order of the layers. */
  readonly stills: readonly PlacedStill[];
};

export type PictureGraph = { readonly inputs: readonly FfmpegInput[]; readonly stream: Stream<'video'> };

/** Ends in exactly `picture.frames` frames numbered from 0, yuv420p, BT.709. */
export function buildPictureGraph(request: PictureRequest): PictureGraph {
  const { picture, output } = request;
  const inputs = new InputList();
  const stills = [...request.stills];
  const layers = picture.layers.map((layer) => {
    const span = visibleSpan(layer, picture.frames);
    return { layer, span, still: layer.kind === 'drawn' ? stills.shift() : undefined };
  });
  const bottom = lowestVisible(layers, request);
  const streams = layers.slice(bottom).map(({ layer, span, still }) => ({
    span,
    layer: layerStream(layer, still, { request, context: { inputs, fps: output.fps, span } }),
  }));
  const [first, ...rest] = streams;
  if (first !== undefined && coversAll(first.layer, first.span, request)) {
    return {
      inputs: inputs.inputs,
      stream: finish(layOver(cutToCanvas(first.layer, output), rest, request)),
    };
  }
  return { inputs: inputs.inputs, stream: finish(layOver(background(request), streams, request)) };
}

type SpannedLayer = { readonly layer: PictureLayer; readonly span: Span };

/** Layers under an opaque one that fills the canvas for the whole part cannot be seen and are not read at all. */
function lowestVisible(layers: readonly SpannedLayer[], request: PictureRequest): number {
  for (let index = layers.length - 1; index > 0; index -= 1) {
    const entry = layers[index];
    if (entry !== undefined && fillsCanvas(entry, request)) return index;
  }
  return 0;
}

function fillsCanvas({ layer, span }: SpannedLayer, request: PictureRequest): boolean {
  if (layer.kind === 'drawn') return false;
  const source = localAsset(request.assets, layer.asset).asset.video;
  const { framing } = layer;
  const isOpaque =
    source?.hasAlpha === false &&
    framing.rotated === null &&
    layer.opacity === 1 &&
    layer.fadeInFrames === 0 &&
    layer.fadeOutFrames === 0;
  const box = { x: framing.x, y: framing.y, width: framing.cut.width, height: framing.cut.height };
  return isOpaque && covers(box, request.output) && span.from === 0 && span.to === request.picture.frames;
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

function covers(box: Box, canvas: { readonly width: number; readonly height: number }): boolean {
  return box.x <= 0 && box.y <= 0 && box.x + box.width >= canvas.width && box.y + box.height >= canvas.height;
}

function coversAll(layer: LayerStream, span: Span, request: PictureRequest): boolean {
  return (
    layer.isOpaque && covers(layer, request.output) && span.from === 0 && span.to === request.picture.frames
  );
}

function layerStream(
  layer: PictureLayer,
  still: PlacedStill | undefined,
  from: { readonly request: PictureRequest; readonly context: LayerContext },
): LayerStream {
  switch (layer.kind) {
    case 'video':
      return videoStream(layer, localAsset(from.request.assets, layer.asset), from.context);
    case 'image':
      return stretch(
        imageStream(layer, localAsset(from.request.assets, layer.asset), from.context),
        layer,
        from,
      );
    case 'drawn':
      if (still === undefined) throw new Error('A drawn layer has no still.');
      return drawnStream(layer, still, from.context);
  }
}

/** A single still is enough for laying over; as the base it has to last. */
function stretch(
  stream: LayerStream,
  layer: PictureLayer & { readonly kind: 'image' },
  from: { readonly request: PictureRequest; readonly context: LayerContext },
): LayerStream {
  if (layer.motion !== null || !coversAll(stream, from.context.span, from.request)) return stream;
  const repeated = repeatPicture(stream.stream, from.request.picture.frames);
  return { ...stream, stream: numberFrames(repeated, from.context.fps, 0) };
}

/** `color` in planar RGB, converted once by the film's own matrix: its own YUV colours are BT.601 on 5.1. */
function background(request: PictureRequest): Stream<'video'> {
  const { picture, output } = request;
  const plain = generate('video', 'color', {
    color: printColor(picture.background),
    size: `${output.width}x${output.height}`,
    rate: printRate(output.fps),
  });
  const single = chain(plain, [
    ['format', { pix_fmts: 'gbrp' }],
    ['trim', { end_frame: 1 }],
    ['scale', { out_color_matrix: 'bt709', out_range: 'tv', flags: 'accurate_rnd+full_chroma_int+bitexact' }],
    ['format', { pix_fmts: 'yuv420p' }],
    ['setsar', { sar: 1 }],
  ]);
  return numberFrames(repeatPicture(single, picture.frames), output.fps, 0);
}

function cutToCanvas(layer: LayerStream, output: OutputSpec): Stream<'video'> {
  if (layer.width === output.width && layer.height === output.height) return layer.stream;
  return chain(layer.stream, [
    ['crop', { w: output.width, h: output.height, x: -layer.x, y: -layer.y, exact: 1 }],
  ]);
}

function layOver(
  base: Stream<'video'>,
  layers: readonly { readonly layer: LayerStream; readonly span: Span }[],
  request: PictureRequest,
): Stream<'video'> {
  return layers.reduce(
    (canvas, { layer, span }) =>
      combine([canvas, layer.stream], 'overlay', overlayOptions(layer, span, request)),
    base,
  );
}

/**
 * The window is given in time, half a frame early on both ends. `n` would be nearer at hand, but overlay counts the frames of
 * whichever input moved last: with a layer that starts later, some of its frames are missing (measured on 5.1.9).
 */
function overlayOptions(layer: LayerStream, span: Span, request: PictureRequest): FilterOptions {
  const isAlways = span.from === 0 && span.to === request.picture.frames;
  const { num, den } = request.output.fps;
  const seconds = (frame: number): string => printNumber(((frame - 0.5) * den) / num);
  return {
    x: layer.x,
    y: layer.y,
    eof_action: 'repeat',
    format: 'yuv420',
    ...(isAlways ? {} : { enable: `between(t,${seconds(span.from)},${seconds(span.to)})` }),
  };
}

/** Pins the format at the end, so that the encoder's wish does not reach back into the graph. */
function finish(stream: Stream<'video'>): Stream<'video'> {
  return chain(stream, [['format', { pix_fmts: 'yuv420p' }]]);
}
