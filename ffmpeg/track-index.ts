// What an MP4 of ours with one track says of its samples: how large they are, where they lie, and when they come.
import type { FileHandle } from 'node:fs/promises';
import { type Box, boxAt, boxesIn, readMovieBox, UnreadableFileError } from './read-boxes.ts';
import { countOf, eachOf, mergeRuns, type Run } from './run-lengths.ts';

/** What the samples are: those of two files can follow each other in one track where this is equal. */
export type TrackForm = {
  /** Ticks a second. */
  readonly timescale: number;
  /** Ticks from the first sample to the moment that is shown first. */
  readonly lead: number;
  /** Volume, place and size on the screen: the end of the track header. */
  readonly presentation: Buffer;
  readonly language: Buffer;
  /** Boxes as they are: kind of media, its header, where the data lie, codec, and what samples have in common. */
  readonly handler: Buffer;
  readonly mediaHeader: Buffer;
  readonly dataReference: Buffer;
  readonly description: Buffer;
  readonly groups: readonly Buffer[];
};

export type TrackIndex = {
  readonly form: TrackForm;
  /** Bytes of each sample. */
  readonly sizes: readonly number[];
  /** Where each one lies in the file. */
  readonly positions: readonly number[];
  /** Ticks until the next one is decoded. */
  readonly durations: readonly Run[];
  /** Ticks from when one is decoded to when it is shown; empty where there are none. */
  readonly delays: readonly Run[];
  /** Samples that can be decoded without the ones before, from 0; null where all can. */
  readonly keys: readonly number[] | null;
};

/** Throws UnreadableFileError with what is wrong. */
export async function readTrackIndex(file: FileHandle): Promise<TrackIndex> {
  const track = boxAt(await readMovieBox(file), 'trak').contents;
  const tables = new Map(
    boxesIn(boxAt(track, 'mdia', 'minf', 'stbl').contents).map((box) => [box.type, box.contents]),
  );
  const sizes = sizesIn(tables);
  const durations = runsIn(tables, 'stts');
  const delays = runsIn(tables, 'ctts');
  if (countOf(durations) !== sizes.length || (delays.length > 0 && countOf(delays) !== sizes.length))
    throw new UnreadableFileError('its tables have different lengths');
  return {
    sizes,
    durations,
    delays,
    form: formOf(track),
    positions: positionsIn(tables, sizes),
    keys: tables.has('stss') ? rowsIn(tables, 'stss', 1).map(([sample = 0]) => sample - 1) : null,
  };
}

function formOf(track: Buffer): TrackForm {
  const media = boxAt(track, 'mdia').contents;
  const information = boxAt(media, 'minf').contents;
  const samples = boxAt(information, 'stbl').contents;
  const header = boxAt(media, 'mdhd').contents;
  const isWide = header[0] === 1;
  const presentationBytes = 60;
  return {
    timescale: header.readUInt32BE(isWide ? 20 : 12),
    language: header.subarray(-4),
    lead: leadOf(boxAt(track, 'edts', 'elst').contents),
    presentation: boxAt(track, 'tkhd').contents.subarray(-presentationBytes),
    handler: boxAt(media, 'hdlr').whole,
    mediaHeader: mediaHeaderIn(information).whole,
    dataReference: boxAt(information, 'dinf').whole,
    description: boxAt(samples, 'stsd').whole,
    groups: boxesIn(samples)
      .filter(({ type }) => type === 'sgpd' || type === 'sbgp')
      .map(({ whole }) => whole),
  };
}

function mediaHeaderIn(information: Buffer): Box {
  const header = boxesIn(information).find(({ type }) => type === 'vmhd' || type === 'smhd');
  if (header === undefined) throw new UnreadableFileError('its track is neither pictures nor sound');
  return header;
}

/** Of an edit list of one edit, as our files have it. */
function leadOf(edits: Buffer): number {
  if (edits.readUInt32BE(4) !== 1) throw new UnreadableFileError('its edit list has more than one edit');
  return edits[0] === 1 ? Number(edits.readBigInt64BE(16)) : edits.readInt32BE(12);
}

type Tables = ReadonlyMap<string, Buffer>;

/** Rows of so many numbers of 32 bits, behind version, flags and their count; none where there is no such table. */
function rowsIn(tables: Tables, type: string, width: number): readonly (readonly number[])[] {
  const table = tables.get(type);
  if (table === undefined) return [];
  const count = table.readUInt32BE(4);
  const first = 8;
  if (table.length < first + 4 * width * count) throw new UnreadableFileError(`its table ${type} is cut off`);
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: width }, (_, column) => table.readUInt32BE(first + 4 * (row * width + column))),
  );
}

function runsIn(tables: Tables, type: string): readonly Run[] {
  return mergeRuns(rowsIn(tables, type, 2).map(([count = 0, value = 0]) => ({ count, value })));
}

function sizesIn(tables: Tables): readonly number[] {
  const table = tables.get('stsz');
  if (table === undefined) throw new UnreadableFileError('it does not say how large its samples are');
  const [sizeOfAll, count] = [table.readUInt32BE(4), table.readUInt32BE(8)];
  const first = 12;
  if (sizeOfAll === 0 && table.length < first + 4 * count)
    throw new UnreadableFileError('its table stsz is cut off');
  return Array.from({ length: count }, (_, sample) =>
    sizeOfAll === 0 ? table.readUInt32BE(first + 4 * sample) : sizeOfAll,
  );
}

/** Samples lie one behind the other in chunks. */
function positionsIn(tables: Tables, sizes: readonly number[]): readonly number[] {
  const chunks = chunkPositions(tables);
  const perChunk = eachOf(samplesPerChunk(tables, chunks.length));
  const positions: number[] = [];
  for (const start of chunks) {
    let position = start;
    for (let left = perChunk.next().value ?? 0; left > 0; left -= 1) {
      const size = sizes[positions.length];
      if (size === undefined) throw new UnreadableFileError('its chunks hold more samples than it has');
      positions.push(position);
      position += size;
    }
  }
  if (positions.length < sizes.length)
    throw new UnreadableFileError('its chunks hold fewer samples than it has');
  return positions;
}

function chunkPositions(tables: Tables): readonly number[] {
  if (!tables.has('co64')) return rowsIn(tables, 'stco', 1).map(([position = 0]) => position);
  return rowsIn(tables, 'co64', 2).map(([high = 0, low = 0]) => high * 2 ** 32 + low);
}

/** Each row of the table counts up to the chunk with which the next one begins. */
function samplesPerChunk(tables: Tables, chunks: number): readonly Run[] {
  const rows = rowsIn(tables, 'stsc', 3);
  return rows.map(([first = 1, value = 0], index) => {
    const [next = chunks + 1] = rows[index + 1] ?? [];
    return { count: next - first, value };
  });
}
