// A picture as a filter graph: a base and the layers laid on it, bottom up.
import { asFrames } from '../plan-compiler/frame-time.ts';
import { standsThroughout } from '../plan-compiler/picture-runs.ts';
import type { OutputSpec, PictureLayer, PicturePlan, PlacedStill } from '../plan-compiler/render-plan.ts';
import { numberFrames, printRate, repeatPicture } from './film-clock.ts';
import { printColor } from './film-colors.ts';
import { apply, chain, combine, type FilterOptions, generate, type Stream } from './filter-graph.ts';
import type { LayerContext } from './layer-context.ts';
import { type Span, visibleSpan } from './layer-span.ts';
import { drawnStream, imageStream, type LayerStream, videoStream } from './layer-streams.ts';
import { type InputList, type LocalAssets, localAsset } from './picture-inputs.ts';
import { printNumber } from './print-graph.ts';

export type PictureRequest = {
  readonly picture: PicturePlan;
  readonly output: OutputSpec;
  readonly assets: LocalAssets;
  /** One for each drawn layer, in the order of the layers. */
  readonly stills: readonly PlacedStill[];
};

/** Exactly `picture.frames` frames numbered from 0, yuv420p, BT.709. */
export function composePicture(request: PictureRequest, inputs: InputList): Stream<'video'> {
  const { picture } = request;
  const stills = [...request.stills];
  const layers = picture.layers.map((layer) => {
    const span = visibleSpan(layer, picture.frames);
    return { layer, span, still: layer.kind === 'drawn' ? stills.shift() : undefined };
  });
  const visible = layers.slice(lowestVisible(layers, request));
  const standing = countStanding(visible, picture.frames);
  const over = visible
    .slice(standing)
    .map((entry) => ({ span: entry.span, layer: layerStream(entry, request, inputs) }));
  const [first, ...rest] = over;
  // Pins the format at the end, so that the encoder's wish does not reach back into the graph.
  const finish = (stream: Stream<'video'>): Stream<'video'> =>
    apply(stream, 'format', { pix_fmts: 'yuv420p' });
  if (standing === 0 && first !== undefined && coversAll(first.layer, first.span, request)) {
    return finish(layOver(cutToCanvas(first.layer, request.output), rest, request));
  }
  const ground = standingGround(visible.slice(0, standing), request, inputs);
  const base = numberFrames(repeatPicture(ground, picture.frames), request.output.fps, 0);
  return finish(layOver(base, over, request));
}

type SpannedLayer = {
  readonly layer: PictureLayer;
  readonly span: Span;
  readonly still: PlacedStill | undefined;
};

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

/** How many of the lowest layers stand still from the first frame to the last. A held video is read as a video. */
function countStanding(layers: readonly SpannedLayer[], frames: number): number {
  const moving = layers.findIndex(({ layer }) => layer.kind === 'video' || !standsThroughout(layer, frames));
  return moving === -1 ? layers.length : moving;
}

/** The background and what stands still on it: one picture, put together once for all frames. */
function standingGround(
  layers: readonly SpannedLayer[],
  request: PictureRequest,
  inputs: InputList,
): Stream<'video'> {
  const span = { from: 0, to: 1 };
  const single = { ...request, picture: { ...request.picture, frames: asFrames(1) } };
  const streams = layers.map((entry) => ({ span, layer: layerStream({ ...entry, span }, single, inputs) }));
  const [first, ...rest] = streams;
  return first !== undefined && coversAll(first.layer, span, single)
    ? layOver(cutToCanvas(first.layer, request.output), rest, single)
    : layOver(background(request), streams, single);
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
  { layer, span, still }: SpannedLayer,
  request: PictureRequest,
  inputs: InputList,
): LayerStream {
  const context: LayerContext = { inputs, fps: request.output.fps, span };
  switch (layer.kind) {
    case 'video':
      return videoStream(layer, localAsset(request.assets, layer.asset), context);
    case 'image':
      return imageStream(layer, localAsset(request.assets, layer.asset), context);
    case 'drawn':
      if (still === undefined) throw new Error('A drawn layer has no still.');
      return drawnStream(layer, still, context);
  }
}

/** One picture: `color` in planar RGB, converted once by the film's own matrix: its own YUV colours are BT.601 on 5.1. */
function background(request: PictureRequest): Stream<'video'> {
  const { picture, output } = request;
  const plain = generate('video', 'color', {
    color: printColor(picture.background),
    size: `${output.width}x${output.height}`,
    rate: printRate(output.fps),
  });
  return chain(plain, [
    ['format', { pix_fmts: 'gbrp' }],
    ['trim', { end_frame: 1 }],
    ['scale', { out_color_matrix: 'bt709', out_range: 'tv', flags: 'accurate_rnd+full_chroma_int+bitexact' }],
    ['format', { pix_fmts: 'yuv420p' }],
    ['setsar', { sar: 1 }],
  ]);
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
