// Writes coded pictures into the MP4 of a clip, so that clips join by copying: one track, all of it on the frame grid.
import { type FileHandle, open } from 'node:fs/promises';
import { fileTypeBox, mediaDataHead, mediaDataHeadBytes } from './box-bytes.ts';
import { type ClipFormat, type ClipSample, movieBox, unitLengthBytes } from './clip-boxes.ts';
import {
  areSame,
  type CodedPicture,
  type CodingSettings,
  PictureOrder,
  UnfitStreamError,
} from './coded-pictures.ts';
import type { NalUnit } from './h264-units.ts';
import { writeAll } from './write-all.ts';

/** So much is collected before it is written. */
const writeBytes = 1024 * 1024;

/**
 * Writes a new file and resolves with its number of frames. Each picture's time follows from the numbers in its header, so frame n
 * stands at n frames exactly, and none is missing or there twice: else UnfitStreamError, as where settings change.
 */
export async function writeClip(
  pictures: AsyncIterable<CodedPicture>,
  { path, format }: { readonly path: string; readonly format: ClipFormat },
): Promise<number> {
  const file = await open(path, 'wx');
  try {
    const start = fileTypeBox();
    const data = new MediaData(file, start.length + mediaDataHeadBytes);
    const { samples, parameterSets } = await writeSamples(pictures, data);
    const end = await data.end();
    await writeAll(file, Buffer.concat([start, mediaDataHead(end - data.start)]), 0);
    await writeAll(file, movieBox({ format, parameterSets, samples, offset: data.start }), end);
    return samples.length;
  } finally {
    await file.close();
  }
}

type Samples = { readonly samples: readonly ClipSample[]; readonly parameterSets: readonly NalUnit[] };

async function writeSamples(pictures: AsyncIterable<CodedPicture>, data: MediaData): Promise<Samples> {
  const order = new PictureOrder();
  const samples: ClipSample[] = [];
  let settings: CodingSettings | null = null;
  for await (const picture of pictures) {
    settings ??= picture.settings;
    if (!areSame(picture.settings, settings)) throw new UnfitStreamError('settings that change');
    const delay = order.take(picture) + 1 - samples.length;
    samples.push({ isKey: picture.header.isKey, delay, bytes: await data.write(picture.units) });
  }
  order.end();
  return { samples, parameterSets: settings?.parameterSets ?? [] };
}

/** The part of the file that holds the samples. */
class MediaData {
  readonly start: number;
  readonly #file: FileHandle;
  #position: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(file: FileHandle, start: number) {
    this.#file = file;
    this.start = start;
    this.#position = start;
  }

  /** Resolves with the bytes that the units take up. */
  async write(units: readonly NalUnit[]): Promise<number> {
    let bytes = 0;
    for (const unit of units) {
      const length = Buffer.alloc(unitLengthBytes);
      length.writeUInt32BE(unit.length);
      this.#waiting.push(length, unit);
      bytes += length.length + unit.length;
    }
    this.#waitingBytes += bytes;
    if (this.#waitingBytes >= writeBytes) await this.#flush();
    return bytes;
  }

  /** Resolves with the position behind the last sample. */
  async end(): Promise<number> {
    await this.#flush();
    return this.#position;
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    await writeAll(this.#file, bytes, this.#position);
    this.#position += bytes.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
