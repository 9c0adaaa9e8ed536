// Coded pictures that say "as before", for putting between two coded pictures: made by the encoder itself, checked by
// decoding, kept for each format of film.
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RenderError } from '../contract/errors.ts';
import { asFrames } from '../plan-compiler/frame-time.ts';
import { frameNumberCycle } from '../plan-compiler/picture-runs.ts';
import type { OutputSpec } from '../plan-compiler/render-plan.ts';
import {
  areSame,
  type CodedPicture,
  type CodingSettings,
  PictureOrder,
  readPictures,
  UnfitStreamError,
} from './coded-pictures.ts';
import { encoderOptions, streamOptions } from './encoder-options.ts';
import type { FfmpegCommand, FfmpegTools } from './ffmpeg-command.ts';
import { printRate } from './film-clock.ts';
import { chain, generate } from './filter-graph.ts';
import { type NalUnit, readUnits, withStartCode } from './h264-units.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { numbersAfter, withNumbers } from './slice-header.ts';

/** What the coded pictures depend on. */
export type PictureFormat = Pick<OutputSpec, 'width' | 'height' | 'fps' | 'video'>;

export type SkipFrames = {
  /** The settings that the coded picture was made under; it fits only streams that have the same. */
  readonly settings: CodingSettings;
  /** To be given the numbers of its place (`withNumbers`). */
  readonly slice: NalUnit;
};

/** A folder of its own for a moment. */
export type WorkFolder = { readonly dir: string; remove(): Promise<void> };

/** Formats kept; one is some kilobytes. A worker sees few of them. */
const formatsMax = 32;

export class SkipFrameMaker {
  readonly #tools: FfmpegTools;
  readonly #openFolder: () => Promise<WorkFolder>;
  readonly #known = new Map<string, Promise<SkipFrames | null>>();

  constructor(tools: FfmpegTools, openFolder: () => Promise<WorkFolder>) {
    this.#tools = tools;
    this.#openFolder = openFolder;
  }

  /** Null where this encoder's pictures cannot be repeated; every frame is then to be encoded. */
  async forFormat(format: PictureFormat): Promise<SkipFrames | null> {
    const { width, height, fps, video } = format;
    const key = JSON.stringify([width, height, fps, video]);
    const made = this.#known.get(key) ?? this.#make(format);
    this.#known.delete(key);
    this.#known.set(key, made);
    const [oldest] = this.#known.keys();
    if (this.#known.size > formatsMax && oldest !== undefined) this.#known.delete(oldest);
    // A run that was broken off says nothing of the encoder: the next scene tries again.
    made.catch(() => this.#known.delete(key));
    return made;
  }

  async #make(format: PictureFormat): Promise<SkipFrames | null> {
    const folder = await this.#openFolder();
    try {
      const skipFrames = takeSkipFrame(await this.#encode(format, 'black', join(folder.dir, 'still.264')));
      if (skipFrames === null) return null;
      const moving = await this.#encode(format, 'moving', join(folder.dir, 'moving.264'));
      return (await this.#standsStill(moving, skipFrames, folder.dir)) ? skipFrames : null;
    } catch (error) {
      // FFmpeg refuses what it is given here, or gives what is none of our streams: nothing can be repeated.
      if (error instanceof UnfitStreamError) return null;
      if (error instanceof RenderError && !error.retryable) return null;
      throw error;
    } finally {
      await folder.remove();
    }
  }

  async #encode(
    format: PictureFormat,
    content: SampleContent,
    path: string,
  ): Promise<readonly CodedPicture[]> {
    await runFfmpeg(this.#tools, sampleCommand(format, content, path), what);
    const pictures: CodedPicture[] = [];
    for await (const picture of readPictures(readUnits(createReadStream(path)))) pictures.push(picture);
    return pictures;
  }

  /** Moving pictures, then two rounds of repetitions: once these begin, no decoded picture may differ. */
  async #standsStill(
    moving: readonly CodedPicture[],
    { slice, settings }: SkipFrames,
    dir: string,
  ): Promise<boolean> {
    if (!moving.every((picture) => areSame(picture.settings, settings))) return false;
    const spliced = join(dir, 'spliced.264');
    const hashes = join(dir, 'hashes.txt');
    const { numbering, parameterSets } = settings;
    const first = orderOf(moving).numbers(settings);
    const repeated = Array.from({ length: 2 * frameNumberCycle }, (_, index) =>
      withNumbers(slice, numbersAfter(first, index, numbering), numbering),
    );
    const units = [...parameterSets, ...moving.flatMap((picture) => picture.units), ...repeated];
    await writeFile(spliced, Buffer.concat(units.map(withStartCode)));
    await runFfmpeg(this.#tools, hashCommand(spliced, hashes), what);
    const pictures = (await readFile(hashes, 'utf8'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(',').at(-1));
    const count = moving.length;
    return pictures.length === count + repeated.length && new Set(pictures.slice(count - 1)).size === 1;
  }
}

const what = { errorCode: 'INTERNAL', what: 'a sample film' } as const;

type SampleContent = 'black' | 'moving';

/** With every second picture a B-frame, the sample still goes through all frame numbers. */
const sampleFrames = 2 * frameNumberCycle + 1;

function sampleCommand(format: PictureFormat, content: SampleContent, path: string): FfmpegCommand {
  const { width, height, fps, video } = format;
  const source = { size: `${width}x${height}`, rate: printRate(fps) };
  const pictures =
    content === 'black'
      ? generate('video', 'color', { ...source, color: 'black' })
      : generate('video', 'testsrc2', source);
  const stream = chain(pictures, [
    ['trim', { end_frame: sampleFrames }],
    ['format', { pix_fmts: 'yuv420p' }],
    ['setsar', { sar: 1 }],
  ]);
  // One key frame at the start: frame numbers then count through all of it.
  const oneKeyFrame = { ...video, gopFrames: asFrames(sampleFrames + 1) };
  const options = [...encoderOptions({ video: oneKeyFrame }), '-sc_threshold', '0', ...streamOptions];
  return { inputs: [], output: { streams: [stream], options, path } };
}

function hashCommand(from: string, to: string): FfmpegCommand {
  return {
    inputs: [{ path: from, options: ['-xerror', '-err_detect', 'explode', '-f', 'h264'] }],
    output: {
      streams: [],
      options: ['-map', '0:v:0', '-fps_mode', 'passthrough', '-hash', 'sha256', '-f', 'framehash'],
      path: to,
    },
  };
}

/**
 * One of the last pictures that nothing changes in: by then the encoder has nothing left to improve. Null where the sample is no
 * single closed group of as many pictures as asked for.
 */
function takeSkipFrame(pictures: readonly CodedPicture[]): SkipFrames | null {
  orderOf(pictures);
  const isOneGroup = pictures.every(({ header }, index) => header.isKey === (index === 0));
  const last = pictures.findLast(({ header }) => header.isReference);
  const slice = last?.units.at(-1);
  if (pictures.length !== sampleFrames || !isOneGroup || last === undefined || slice === undefined)
    return null;
  return { settings: last.settings, slice };
}

/** Throws UnfitStreamError where the pictures are not numbered as ours are. */
function orderOf(pictures: readonly CodedPicture[]): PictureOrder {
  const order = new PictureOrder();
  for (const picture of pictures) order.take(picture);
  order.end();
  return order;
}
