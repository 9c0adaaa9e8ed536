// All of a film's MP4 but its samples (ISO/IEC 14496-12): the index first, so that players can begin before they have the rest.
import {
  box,
  fileTypeBox,
  full,
  mediaDataHead,
  mediaDataHeadBytes,
  playbackFields,
  table,
  u32,
  u32Max,
  u32s,
  u64,
} from './box-bytes.ts';
import type { Chunk, FilmTrack } from './film-track.ts';
import { rowsOf, runsOf, sumOf } from './run-lengths.ts';

export type FilmLayout = {
  readonly tracks: readonly FilmTrack[];
  /** In the order in which they are stored, each with the track it belongs to. */
  readonly chunks: readonly StoredChunk[];
  /** The units a second in which the film counts what its tracks show. */
  readonly timescale: number;
};

export type StoredChunk = { readonly track: FilmTrack; readonly chunk: Chunk };

/** What stands before the first chunk. */
export function filmHead(layout: FilmLayout): Buffer {
  const dataBytes = layout.chunks.reduce((sum, { chunk }) => sum + chunk.bytes, 0);
  const type = fileTypeBox();
  const around = type.length + mediaDataHeadBytes;
  // The index is as long wherever the data begin, but positions that reach far take more bytes.
  const wide = movieBox(layout, { start: 0, isWide: true });
  const isWide = around + wide.length + dataBytes > u32Max;
  const { length } = isWide ? wide : movieBox(layout, { start: 0, isWide });
  return Buffer.concat([
    type,
    movieBox(layout, { start: around + length, isWide }),
    mediaDataHead(dataBytes),
  ]);
}

/** Where the first chunk lies, and whether positions take 64 bits. */
type Placing = { readonly start: number; readonly isWide: boolean };

function movieBox(layout: FilmLayout, placing: Placing): Buffer {
  const { tracks, timescale } = layout;
  const positions = chunkPositions(layout, placing);
  const shown = Math.max(...tracks.map((track) => unitsShown(track, timescale)));
  const { version, time } = timesUpTo(shown);
  const header = box(
    'mvhd',
    ...[u32(version), time(0), time(0), u32(timescale), time(shown)],
    ...[playbackFields(), u32(tracks.length + 1)],
  );
  const boxes = tracks.map((track, index) =>
    trackBox(track, {
      number: index + 1,
      units: unitsShown(track, timescale),
      offsets: offsetBox(positions.get(track) ?? [], placing),
    }),
  );
  return box('moov', header, ...boxes);
}

/** In the film's units, none cut off. */
function unitsShown(track: FilmTrack, timescale: number): number {
  return Math.ceil((track.shownTicks * timescale) / track.form.timescale);
}

function chunkPositions(
  { tracks, chunks }: FilmLayout,
  { start }: Placing,
): ReadonlyMap<FilmTrack, readonly number[]> {
  const positions = new Map<FilmTrack, number[]>(tracks.map((track) => [track, []]));
  let position = start;
  for (const { track, chunk } of chunks) {
    positions.get(track)?.push(position);
    position += chunk.bytes;
  }
  return positions;
}

function offsetBox(positions: readonly number[], { isWide }: Placing): Buffer {
  if (!isWide) return table('stco', positions.length, positions);
  return full('co64', u32(positions.length), ...positions.map(u64));
}

type TrackPlace = { readonly number: number; readonly units: number; readonly offsets: Buffer };

function trackBox(track: FilmTrack, { number, units, offsets }: TrackPlace): Buffer {
  const { form } = track;
  const { version, time } = timesUpTo(units);
  // Flags 3: the track is on and part of the film.
  const header = box(
    'tkhd',
    ...[u32(version + 3), time(0), time(0), u32(number), u32(0), time(units), form.presentation],
  );
  const edit = box('elst', u32(version), u32(1), time(units), time(form.lead), u32(0x10000));
  return box('trak', header, box('edts', edit), mediaBox(track, offsets));
}

function mediaBox(track: FilmTrack, offsets: Buffer): Buffer {
  const { form } = track;
  const ticks = sumOf(track.durations);
  const { version, time } = timesUpTo(ticks);
  const header = box(
    'mdhd',
    ...[u32(version), time(0), time(0), u32(form.timescale), time(ticks), form.language],
  );
  const information = box('minf', form.mediaHeader, form.dataReference, sampleTable(track, offsets));
  return box('mdia', header, form.handler, information);
}

function sampleTable(track: FilmTrack, offsets: Buffer): Buffer {
  const { form, sizes, durations, delays, keys, chunks } = track;
  return box(
    'stbl',
    form.description,
    table('stts', durations.length, rowsOf(durations)),
    ...(delays.length === 0 ? [] : [table('ctts', delays.length, rowsOf(delays))]),
    ...(keys === null ? [] : [keyTable(keys)]),
    chunkLengths(chunks),
    full('stsz', u32(0), u32(sizes.length), u32s(sizes)),
    offsets,
    ...form.groups,
  );
}

function keyTable(keys: readonly number[]): Buffer {
  const numbers = keys.map((sample) => sample + 1);
  return table('stss', numbers.length, numbers);
}

/** Each row holds up to the next one's first chunk. */
function chunkLengths(chunks: readonly Chunk[]): Buffer {
  let first = 1;
  const rows = runsOf(chunks.map(({ samples }) => samples)).map(({ count, value }) => {
    const row = [first, value, 1];
    first += count;
    return row;
  });
  return table('stsc', rows.length, rows.flat());
}

/** Boxes hold times in 32 bits, or by their version 1 in 64: a film of many hours needs them. */
function timesUpTo(most: number): { readonly version: number; readonly time: (value: number) => Buffer } {
  const versionOne = 0x0100_0000;
  return most > u32Max ? { version: versionOne, time: u64 } : { version: 0, time: u32 };
}
