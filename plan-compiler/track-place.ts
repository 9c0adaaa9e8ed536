// Tracks over the whole film have no picture to stay in step with: they lie where their seconds say, to the sample.
import type { FilmContext, Span } from './film-context.ts';
import { asSamples, sampleAt, sampleOfSeconds } from './frame-time.ts';
import type { MeasuredAudio, SoundStretch } from './measure-layer.ts';
import type { SoundLayer } from './render-plan.ts';
import { stretchSegments } from './sound-stretch.ts';
import { sourceSeconds, trimEndSeconds } from './source-window.ts';

export type SoundPlace = Pick<SoundLayer, 'startSample' | 'samples' | 'segments'>;

/** For a track that begins before the film's end. */
export function placeTrack(measured: MeasuredAudio, span: Span, film: FilmContext): SoundPlace {
  const { layer } = measured;
  const { rate, sampleRate } = film;
  const startSample = sampleOfSeconds(layer.start, sampleRate);
  const room = Math.max(1, sampleAt(span.frames, rate, sampleRate) - startSample);
  const stretch = exactStretch(measured, sampleRate);
  const samples = asSamples(Math.max(1, Math.min(room, ownSamples(measured, stretch, sampleRate))));
  return { startSample, samples, segments: stretchSegments(stretch, samples) };
}

function ownSamples({ layer }: MeasuredAudio, stretch: SoundStretch, sampleRate: number): number {
  if (layer.duration === 'fill') return Number.POSITIVE_INFINITY;
  if (layer.duration === 'auto') return stretch.samples * stretch.repeats;
  return sampleOfSeconds(layer.start + layer.duration, sampleRate) - sampleOfSeconds(layer.start, sampleRate);
}

function exactStretch({ layer, asset, stretch }: MeasuredAudio, sampleRate: number): SoundStretch {
  const length = sourceSeconds(asset, 'audio');
  const sourceSample = sampleOfSeconds(layer.trimStart, sampleRate);
  const end = sampleOfSeconds(Math.min(trimEndSeconds(layer) ?? length, length), sampleRate);
  return { sourceSample, samples: asSamples(Math.max(1, end - sourceSample)), repeats: stretch.repeats };
}
