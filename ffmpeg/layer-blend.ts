// What happens to a layer's picture between its own frame and the canvas: flips, rotation, opacity, fades.
import type {
  FrameRate,
  Framing,
  PictureLayer,
  PixelRect,
  SourceVideo,
} from '../plan-compiler/render-plan.ts';
import { shiftFrames } from './film-clock.ts';
import { filmInput, mixByAlpha } from './film-colors.ts';
import { apply, chain, combine, type FilterOptions, type Stream } from './filter-graph.ts';

/** True where the canvas may shine through: then the layer needs an alpha plane. */
export function isTranslucent(layer: PictureLayer): boolean {
  return layer.opacity < 1 || layer.fadeInFrames > 0 || layer.fadeOutFrames > 0;
}

export function applyOpacity(stream: Stream<'video'>, opacity: number): Stream<'video'> {
  return opacity === 1 ? stream : apply(stream, 'lutyuv', { a: `val*${opacity.toFixed(6)}` });
}

/** Turned pictures have smooth edges, without the colour of what is beside them. */
export function flipAndRotate(
  stream: Stream<'video'>,
  { cut, flipH, flipV, rotated }: Framing,
  source: Pick<SourceVideo, 'hasAlpha'>,
): Stream<'video'> {
  const flipped = chain(stream, [
    ...(flipH ? ([['hflip']] as const) : []),
    ...(flipV ? ([['vflip']] as const) : []),
  ]);
  if (rotated === null) return flipped;
  const turn = (padded: Stream<'video'>): Stream<'video'> =>
    apply(padded, 'rotate', {
      angle: `${rotated.degrees.toFixed(6)}*PI/180`,
      out_w: rotated.width,
      out_h: rotated.height,
      fillcolor: 'black@0',
    });
  if (!source.hasAlpha) return turn(padOpaque(flipped, cut));
  return mixByAlpha(flipped, filmInput, (weighted) => turn(apply(weighted, 'pad', clearMargin(cut))));
}

type Size = Pick<PixelRect, 'width' | 'height'>;

/** Lets the interpolation soften the edges. Even and of two pixels at least, since chroma is halved; `pad` would round down. */
function clearMargin({ width, height }: Size): FilterOptions {
  return { width: width + 4 + (width % 2), height: height + 4 + (height % 2), x: 2, y: 2, color: 'black@0' };
}

/**
 * A clear margin that hides the colours of the picture's edge, for these are what the edge is mixed with. Where chroma is
 * halved, `pad` leaves out the last of an odd number of pixels (tried on 5.1 and 9.0): that one is smeared, too.
 */
function padOpaque(stream: Stream<'video'>, size: Size): Stream<'video'> {
  const margin = clearMargin(size);
  const colors = chain(stream, [
    ['pad', margin],
    [
      'fillborders',
      { left: 2, top: 2, right: 2 + 2 * (size.width % 2), bottom: 2 + 2 * (size.height % 2), mode: 'smear' },
    ],
  ]);
  const alpha = chain(stream, [['alphaextract'], ['pad', { ...margin, color: 'black' }]]);
  return combine([colors, alpha], 'alphamerge');
}

/** Fades the alpha of a stream numbered in the part's frames; they count from the layer's own first frame. */
export function applyFades(stream: Stream<'video'>, layer: PictureLayer, fps: FrameRate): Stream<'video'> {
  if (layer.fadeInFrames === 0 && layer.fadeOutFrames === 0) return stream;
  const seconds = (frames: number): number => (frames * fps.den) / fps.num;
  const inLayerTime = shiftFrames(stream, -layer.firstFrame);
  const faded = chain(inLayerTime, [
    ...(layer.fadeInFrames === 0
      ? []
      : ([
          ['fade', { type: 'in', start_time: 0, duration: seconds(layer.fadeInFrames), alpha: 1 }],
        ] as const)),
    ...(layer.fadeOutFrames === 0
      ? []
      : ([
          [
            'fade',
            {
              type: 'out',
              start_time: seconds(layer.frames - layer.fadeOutFrames),
              duration: seconds(layer.fadeOutFrames),
              alpha: 1,
            },
          ],
        ] as const)),
  ]);
  return shiftFrames(faded, layer.firstFrame);
}
