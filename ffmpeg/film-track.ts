// One track of a film: the samples of one file or of many that follow each other, cut into the chunks in which they are stored.
import { basename } from 'node:path';
import { UnfitFileError } from './read-boxes.ts';
import { eachOf, mergeRuns, type Run } from './run-lengths.ts';
import type { TrackForm, TrackIndex } from './track-index.ts';

export type TrackSource = { readonly path: string; readonly index: TrackIndex };

export type FilmTrack = {
  readonly form: TrackForm;
  readonly sizes: readonly number[];
  readonly durations: readonly Run[];
  readonly delays: readonly Run[];
  readonly keys: readonly number[] | null;
  /** Ticks from the moment that is shown first to the end of the sample that is shown last. */
  readonly shownTicks: number;
  readonly chunks: readonly Chunk[];
};

/** Samples that are stored one behind the other. */
export type Chunk = {
  /** Which window of the film the samples are decoded in. */
  readonly window: number;
  readonly samples: number;
  readonly bytes: number;
  readonly pieces: readonly Piece[];
};

/** Bytes that lie one behind the other in a file. */
export type Piece = { readonly path: string; readonly position: number; readonly bytes: number };

/** Sound and pictures of half a second lie next to each other (the usual distance, as in GPAC), so that players need not seek. */
const windowsPerSecond = 2;

/** Throws UnfitFileError naming the first file whose samples cannot follow those of the first. */
export function filmTrack(sources: readonly [TrackSource, ...TrackSource[]]): FilmTrack {
  const { form, keys } = sources[0].index;
  for (const { path, index } of sources.slice(1)) refuseOther(path, index, form);
  const durations = mergeRuns(sources.flatMap(({ index }) => index.durations));
  const delays = mergeRuns(sources.flatMap(({ index }) => index.delays));
  return {
    form,
    durations,
    delays,
    sizes: sources.flatMap(({ index }) => index.sizes),
    shownTicks: shownEnd(durations, delays) - form.lead,
    keys: keys === null ? null : keysOf(sources),
    chunks: chunksOf(sources, form.timescale),
  };
}

/** Where the sample that is shown last ends, in ticks from when the first is decoded. */
function shownEnd(durations: readonly Run[], delays: readonly Run[]): number {
  const delay = eachOf(delays);
  let [decoded, end] = [0, 0];
  for (const duration of eachOf(durations)) {
    end = Math.max(end, decoded + (delay.next().value ?? 0) + duration);
    decoded += duration;
  }
  return end;
}

function refuseOther(path: string, index: TrackIndex, form: TrackForm): void {
  const isSame =
    index.form.timescale === form.timescale &&
    index.form.lead === form.lead &&
    index.form.description.equals(form.description);
  if (!isSame)
    throw new UnfitFileError(`${basename(path)} was encoded with other settings than the first clip`);
}

function keysOf(sources: readonly TrackSource[]): readonly number[] {
  const keys: number[] = [];
  let before = 0;
  for (const { index } of sources) {
    for (const key of index.keys ?? []) keys.push(before + key);
    before += index.sizes.length;
  }
  return keys;
}

function chunksOf(sources: readonly TrackSource[], timescale: number): readonly Chunk[] {
  const chunks = new Chunks();
  let ticks = 0;
  for (const { path, index } of sources) {
    const durations = eachOf(index.durations);
    index.sizes.forEach((bytes, sample) => {
      const window = Math.floor((ticks * windowsPerSecond) / timescale);
      chunks.add(window, { path, position: index.positions[sample] ?? 0, bytes });
      ticks += durations.next().value ?? 0;
    });
  }
  return chunks.all;
}

class Chunks {
  readonly all: OpenChunk[] = [];

  add(window: number, sample: Piece): void {
    let chunk = this.all.at(-1);
    if (chunk?.window !== window) {
      chunk = { window, samples: 0, bytes: 0, pieces: [] };
      this.all.push(chunk);
    }
    chunk.samples += 1;
    chunk.bytes += sample.bytes;
    const piece = chunk.pieces.at(-1);
    const follows =
      piece !== undefined && piece.path === sample.path && piece.position + piece.bytes === sample.position;
    if (follows) piece.bytes += sample.bytes;
    else chunk.pieces.push({ ...sample });
  }
}

type OpenChunk = {
  readonly window: number;
  samples: number;
  bytes: number;
  readonly pieces: { readonly path: string; readonly position: number; bytes: number }[];
};
