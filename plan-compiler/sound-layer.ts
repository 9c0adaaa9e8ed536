import type { AudioLayer, VideoLayer } from '../contract/layers.ts';
import type { FilmContext, Span } from './film-context.ts';
import { asSamples, sampleAt, sampleOfSeconds, samplesCovering } from './frame-time.ts';
import { checkFades, clampFades, cutExtent } from './layer-timing.ts';
import type { MeasuredAudio, MeasuredLayer, MeasuredVideo } from './measure-layer.ts';
import { playedSegments } from './playback.ts';
import type { Frames, SoundLayer } from './render-plan.ts';
import { SEGMENTS_MAX, stretchSegments } from './sound-stretch.ts';
import { placeTrack, type SoundPlace } from './track-place.ts';

/** A stretch that differs from the one before is an input of its own for FFmpeg, and the whole scene or film is mixed in one run. */
const RUNS_MAX = 200;

type Segments = SoundLayer['segments'];
type Site = { readonly span: Span; readonly film: FilmContext };

/** What a layer or track is heard of within its span; null where it is silent. */
export function soundLayer(measured: MeasuredLayer, span: Span, film: FilmContext): SoundLayer | null {
  if (measured.kind !== 'audio' && !hasSound(measured)) return null;
  const { layer, path, extent } = measured;
  const gain = linearGain(layer.volume);
  if (layer.muted || gain === 0) return null;
  const frames = cutExtent(extent, span, { layer, path, film });
  if (frames === null) return null;
  const site = { span, film };
  const place =
    measured.kind === 'audio' && span.kind === 'film'
      ? placeTrack(measured, span, film)
      : placeOnFrames(measured, frames, site);
  checkSegments(place.segments, path, site);
  return {
    asset: measured.asset.sha256,
    ...place,
    gain,
    ...soundFades(measured, { frames, samples: place.samples }, site),
  };
}

function placeOnFrames(measured: MeasuredAudio | MeasuredVideo, frames: Frames, site: Site): SoundPlace {
  const { extent } = measured;
  const startSample = spanSample(extent.startFrame, site);
  const samples = asSamples(spanSample(extent.startFrame + frames, site) - startSample);
  const segments =
    measured.kind === 'audio'
      ? stretchSegments(measured.stretch, samples)
      : pictureSegments(measured, frames, site);
  return { startSample: asSamples(startSample), samples, segments };
}

/** Linear gain, to a billionth: powers of ten differ in their last digit between machines. */
export function linearGain(volume: VideoLayer['volume']): number {
  const gain = typeof volume === 'number' ? volume : 10 ** (volume.db / 20);
  return Math.round(gain * 1e9) / 1e9;
}

function hasSound(measured: MeasuredLayer): measured is MeasuredVideo {
  return measured.kind === 'video' && measured.asset.facts.audio !== null;
}

// The end of a scene is where its sound ends, which may be a sample later than where its last frame is rounded to; else a
// tone that goes on over the cut would miss a sample there.
function spanSample(frame: number, { span, film }: Site): number {
  const { rate, sampleRate } = film;
  const isSceneEnd = span.kind === 'scene' && frame === span.frames;
  return isSceneEnd ? samplesCovering(frame, rate, sampleRate) : sampleAt(frame, rate, sampleRate);
}

// Cut and repeated with the pictures, frame for frame, so that lips stay in sync in every repeat.
function pictureSegments({ window, extent }: MeasuredVideo, frames: Frames, site: Site): Segments {
  const { rate, sampleRate } = site.film;
  const heard = Math.min(frames, window.frames * (SEGMENTS_MAX + 1));
  let frame: number = extent.startFrame;
  return playedSegments(window, 0, heard).map((segment) => {
    const start = spanSample(frame, site);
    frame += segment.frames;
    return {
      sourceSample: sampleAt(segment.sourceFrame, rate, sampleRate),
      samples: asSamples(spanSample(frame, site) - start),
    };
  });
}

function checkSegments(segments: Segments, path: string, { span, film }: Site): void {
  const hasTooMany = segments.length > SEGMENTS_MAX || countRuns(segments) > RUNS_MAX;
  if (!span.isKnown || !hasTooMany) return;
  film.log.report({
    code: 'too-many-repeats',
    path: `${path}.loop`,
    message: `The sound would be repeated ${segments.length > SEGMENTS_MAX ? `more than ${SEGMENTS_MAX}` : segments.length} times in this ${span.kind}.`,
    hint: 'Loop a longer stretch of the source, or upload it already repeated.',
  });
}

function countRuns(segments: Segments): number {
  return segments.filter((segment, index) => {
    const previous = segments[index - 1];
    return previous?.sourceSample !== segment.sourceSample || previous.samples !== segment.samples;
  }).length;
}

function soundFades(
  { layer, path }: { readonly layer: VideoLayer | AudioLayer; readonly path: string },
  length: { readonly frames: Frames; readonly samples: number },
  { span, film }: Site,
): Pick<SoundLayer, 'fadeInSamples' | 'fadeOutSamples' | 'fadeCurve'> {
  const { fadeIn, fadeOut, fadeCurve } = layer;
  checkFades({ inSeconds: fadeIn, outSeconds: fadeOut, frames: length.frames }, span, {
    path: `${path}.${fadeOut > 0 ? 'fadeOut' : 'fadeIn'}`,
    film,
  });
  const samplesOf = (seconds: number): number => sampleOfSeconds(seconds, film.sampleRate);
  const [rise, fall] = clampFades(samplesOf(fadeIn), samplesOf(fadeOut), length.samples);
  return { fadeInSamples: asSamples(rise), fadeOutSamples: asSamples(fall), fadeCurve };
}
