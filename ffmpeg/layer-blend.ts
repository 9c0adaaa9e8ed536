// What happens to a layer's picture between its own frame and the canvas: flips, rotation, opacity, fades.
import type { FrameRate, Framing, PictureLayer } from '../plan-compiler/render-plan.ts';
import { shiftFrames } from './film-clock.ts';
import { apply, chain, type Stream } from './filter-graph.ts';

/** True where the canvas may shine through: then the layer needs an alpha plane. */
export function isTranslucent(layer: PictureLayer): boolean {
  return layer.opacity < 1 || layer.fadeInFrames > 0 || layer.fadeOutFrames > 0;
}

export function applyOpacity(stream: Stream<'video'>, opacity: number): Stream<'video'> {
  return opacity === 1 ? stream : apply(stream, 'lutyuv', { a: `val*${opacity.toFixed(6)}` });
}

export function flipAndRotate(stream: Stream<'video'>, framing: Framing): Stream<'video'> {
  const flipped = chain(stream, [
    ...(framing.flipH ? ([['hflip']] as const) : []),
    ...(framing.flipV ? ([['vflip']] as const) : []),
  ]);
  if (framing.rotated === null) return flipped;
  // A transparent margin lets the interpolation soften the edges; even, since chroma is halved.
  return chain(flipped, [
    ['pad', { width: 'iw+4', height: 'ih+4', x: 2, y: 2, color: 'black@0' }],
    [
      'rotate',
      {
        angle: `${framing.rotated.degrees.toFixed(6)}*PI/180`,
        out_w: framing.rotated.width,
        out_h: framing.rotated.height,
        fillcolor: 'black@0',
      },
    ],
  ]);
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
