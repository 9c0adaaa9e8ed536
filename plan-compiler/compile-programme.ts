import type { AudioTrack } from '../contract/layers.ts';
import type { FilmContext, Span } from './film-context.ts';
import { asSamples, sampleAt } from './frame-time.ts';
import { measureAudio } from './measure-layer.ts';
import type { Hash, ProgrammePlan, SoundLayer } from './render-plan.ts';
import { soundLayer } from './sound-layer.ts';

/** A scene's place in the film and its sound. */
export type ProgrammeScene = {
  readonly index: number;
  readonly soundKey: Hash | null;
  readonly startFrame: number;
  readonly frames: number;
};

/** The tracks of `movie.audio` that are heard, in the film's samples. */
export function compileTracks(span: Span, film: FilmContext): readonly SoundLayer[] {
  return film.input.movie.audio.flatMap((track, index) => {
    const layer = track.enabled ? compileTrack(track, index, { span, film }) : null;
    return layer === null ? [] : [layer];
  });
}

/** Each scene's share is the difference of two places in the film, so that the shares add up to the whole. */
export function layOutProgramme(
  scenes: readonly ProgrammeScene[],
  tracks: readonly SoundLayer[],
  film: FilmContext,
): Omit<ProgrammePlan, 'key'> {
  const last = scenes.at(-1);
  const at = (frame: number): number => sampleAt(frame, film.rate, film.sampleRate);
  return {
    totalSamples: asSamples(last === undefined ? 0 : at(last.startFrame + last.frames)),
    scenes: scenes.map(({ index, soundKey, startFrame, frames }) => ({
      index,
      soundKey,
      samples: asSamples(at(startFrame + frames) - at(startFrame)),
    })),
    tracks,
  };
}

function compileTrack(
  track: AudioTrack,
  index: number,
  { span, film }: { readonly span: Span; readonly film: FilmContext },
): SoundLayer | null {
  const measured = measureAudio({ type: 'audio', ...track }, `movie.audio[${index}]`, film);
  return measured === null ? null : soundLayer(measured, span, film);
}
