// Joins the scenes' clips by copying and lays the film's sound beside them: no picture is encoded twice.
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { errorMessage, RenderError } from '../contract/errors.ts';
import { greatestCommonDivisor } from '../plan-compiler/frame-time.ts';
import { CopiedData } from './copied-data.ts';
import { type FilmLayout, filmHead, type StoredChunk } from './film-boxes.ts';
import { type FilmTrack, filmTrack, type TrackSource } from './film-track.ts';
import { UnfitFileError, UnreadableFileError } from './read-boxes.ts';
import { readTrackIndex } from './track-index.ts';
import { writeAll } from './write-all.ts';

export type FilmClip = { readonly path: string; readonly frames: number };

export type JoinRequest = {
  /** In film order, at least one, each written by `renderPicture`. */
  readonly clips: readonly FilmClip[];
  /** The .m4a that `mixProgramme` made. */
  readonly programmePath: string;
  /** A file that is not there yet. */
  readonly outputPath: string;
  readonly signal?: AbortSignal | undefined;
  /** Takes the share that is written, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
};

/**
 * Writes the film, its index first; the caller verifies it with `verifyFilm`. Faults: ASSEMBLE_FAILED naming the clip, where one is
 * missing, damaged, of another length than planned, or encoded with other settings than the first.
 */
export async function joinFilm(request: JoinRequest): Promise<void> {
  try {
    const layout = await layOut(request);
    const head = filmHead(layout);
    const film = await open(request.outputPath, 'wx');
    try {
      await writeAll(film, head, 0);
      await copyChunks(layout.chunks, new CopiedData(film, head.length), request);
    } finally {
      await film.close();
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    throw new RenderError('ASSEMBLE_FAILED', `The clips cannot be joined: ${error.message}.`, {
      retryable: !(error instanceof UnfitFileError),
      hint: 'Render the film once more with the cache "refresh"; all workers need the same FFmpeg and settings.',
    });
  }
}

async function layOut({ clips, programmePath, signal }: JoinRequest): Promise<FilmLayout> {
  const sources: TrackSource[] = [];
  for (const { path, frames } of clips) {
    signal?.throwIfAborted();
    const source = await readSource(path);
    const found = source.index.sizes.length;
    if (found !== frames)
      throw new UnfitFileError(`${basename(path)} has ${found} frames instead of ${frames}`);
    sources.push(source);
  }
  const [first, ...others] = sources;
  if (first === undefined) throw new UnreadableFileError('there are none');
  const pictures = filmTrack([first, ...others]);
  const sound = filmTrack([await readSource(programmePath)]);
  return {
    tracks: [pictures, sound],
    chunks: interleave([pictures, sound]),
    timescale: commonTimescale(pictures.form.timescale, sound.form.timescale),
  };
}

async function readSource(path: string): Promise<TrackSource> {
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    return { path, index: await readTrackIndex(file) };
  } catch (error) {
    throw new UnreadableFileError(`${basename(path)}: ${errorMessage(error)}`);
  } finally {
    await file?.close();
  }
}

/** What is decoded at one time lies next to each other: pictures, then sound. */
function interleave(tracks: readonly FilmTrack[]): readonly StoredChunk[] {
  return tracks
    .flatMap((track) => track.chunks.map((chunk) => ({ track, chunk })))
    .sort((a, b) => a.chunk.window - b.chunk.window);
}

async function copyChunks(
  chunks: readonly StoredChunk[],
  data: CopiedData,
  { signal, onProgress }: JoinRequest,
): Promise<void> {
  try {
    for (const [index, { track, chunk }] of chunks.entries()) {
      signal?.throwIfAborted();
      for (const piece of chunk.pieces) await data.copy(piece, track);
      onProgress?.((index + 1) / chunks.length);
    }
    await data.flush();
  } finally {
    await data.close();
  }
}

/** A limit of no format, but players read the units of a long film as 32 bits. */
const movieTimescaleMax = 1_000_000;

/** The film counts what its tracks show in these units: both whole frames and whole samples fit, where there is such a number. */
function commonTimescale(pictures: number, sound: number): number {
  const common = (pictures / greatestCommonDivisor(pictures, sound)) * sound;
  return common <= movieTimescaleMax ? common : sound;
}
