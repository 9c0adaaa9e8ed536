import { asSamples } from './frame-time.ts';
import type { SoundStretch } from './measure-layer.ts';
import type { SoundLayer } from './render-plan.ts';

/** Bounds the size of the plan; repeats that are equal cost FFmpeg nothing. */
export const SEGMENTS_MAX = 5000;

/** The stretch again and again, until the samples are full. One segment more than the bound shows that it was passed. */
export function stretchSegments(stretch: SoundStretch, samples: number): SoundLayer['segments'] {
  const count = Math.min(stretch.repeats, Math.ceil(samples / stretch.samples), SEGMENTS_MAX + 1);
  return Array.from({ length: count }, (_, index) => ({
    sourceSample: stretch.sourceSample,
    samples: asSamples(Math.min(stretch.samples, samples - index * stretch.samples)),
  }));
}
