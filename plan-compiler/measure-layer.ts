// First look at a layer: its source and its own length, before its scene's length is known.
import type {
  AudioLayer,
  ColorLayer,
  ImageLayer,
  Layer,
  ShapeLayer,
  TextLayer,
  VideoLayer,
} from '../contract/layers.ts';
import type { FilmContext } from './film-context.ts';
import { asFrames, asSamples, frameAt, sampleAt, sampleOfSeconds } from './frame-time.ts';
import { findPicture, findSound, type PictureSource, type SoundSource } from './layer-asset.ts';
import { type LayerExtent, measureExtent } from './layer-timing.ts';
import type { Samples } from './render-plan.ts';
import { readWindow, type SourceWindow, sourceSeconds } from './source-window.ts';

type Measured = { readonly path: string; readonly extent: LayerExtent };

export type MeasuredVideo = Measured &
  PictureSource & { readonly kind: 'video'; readonly layer: VideoLayer; readonly window: SourceWindow };
export type MeasuredImage = Measured & PictureSource & { readonly kind: 'image'; readonly layer: ImageLayer };
export type MeasuredAudio = Measured &
  SoundSource & { readonly kind: 'audio'; readonly layer: AudioLayer; readonly stretch: SoundStretch };
export type MeasuredStill = Measured & {
  readonly kind: 'still';
  readonly layer: TextLayer | ColorLayer | ShapeLayer;
};
export type MeasuredLayer = MeasuredVideo | MeasuredImage | MeasuredAudio | MeasuredStill;

/** The part of a sound file that plays, to the sample, so that a loop of music has no gap of a rounded frame. */
export type SoundStretch = {
  readonly sourceSample: Samples;
  readonly samples: Samples;
  readonly repeats: number;
};

/** Null where a fault was reported that leaves nothing to go on with. */
export function measureLayer(layer: Layer, path: string, film: FilmContext): MeasuredLayer | null {
  switch (layer.type) {
    case 'video':
      return measureVideo(layer, path, film);
    case 'image': {
      const source = findPicture('image', { src: layer.src, path }, film);
      const extent = measureExtent(layer, null, film);
      return source === null ? null : { kind: 'image', layer, path, extent, ...source };
    }
    case 'audio':
      return measureAudio(layer, path, film);
    case 'text':
    case 'color':
    case 'shape':
      return { kind: 'still', layer, path, extent: measureExtent(layer, null, film) };
    default:
      return layer satisfies never;
  }
}

function measureVideo(layer: VideoLayer, path: string, film: FilmContext): MeasuredVideo | null {
  const source = findPicture('video', { src: layer.src, path }, film);
  if (source === null) return null;
  const window = readWindow(layer, sourceSeconds(source.asset, 'video'), { path, film });
  if (window === null) return null;
  const isEndless = window.repeats === Number.POSITIVE_INFINITY;
  const played = isEndless ? null : asFrames(window.frames * window.repeats);
  return { kind: 'video', layer, path, window, extent: measureExtent(layer, played, film), ...source };
}

export function measureAudio(layer: AudioLayer, path: string, film: FilmContext): MeasuredAudio | null {
  const source = findSound({ src: layer.src, path }, film);
  if (source === null) return null;
  const window = readWindow(layer, sourceSeconds(source.asset, 'audio'), { path, film });
  if (window === null) return null;
  const stretch = stretchOf(window, film);
  const isEndless = stretch.repeats === Number.POSITIVE_INFINITY;
  const seconds = (stretch.samples * stretch.repeats) / film.sampleRate;
  const played = isEndless ? null : asFrames(Math.max(1, frameAt(seconds, film.rate)));
  return { kind: 'audio', layer, path, stretch, extent: measureExtent(layer, played, film), ...source };
}

// It starts on the frame grid, so that a song spread over scenes goes on without a gap; its end is the file's own.
function stretchOf(window: SourceWindow, film: FilmContext): SoundStretch {
  const { rate, sampleRate } = film;
  const sourceSample = sampleAt(window.sourceFrame, rate, sampleRate);
  const end = window.isTrimmedAtEnd
    ? sampleAt(window.sourceFrame + window.frames, rate, sampleRate)
    : sampleOfSeconds(window.sourceSeconds, sampleRate);
  return {
    sourceSample,
    samples: asSamples(Math.max(1, end - sourceSample)),
    repeats: window.repeats,
  };
}
