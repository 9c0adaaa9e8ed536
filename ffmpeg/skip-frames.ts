// Coded pictures that say "as before", for putting between two coded pictures: made by the encoder itself, checked by
// decoding, kept for each format of film.
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RenderError } from '../contract/errors.ts';
import { asFrames } from '../plan-compiler/frame-time.ts';
import { frameNumberCycle } from '../plan-compiler/picture-runs.ts';
import type { OutputSpec } from '../plan-compiler/render-plan.ts';
import { encoderOptions, streamOptions } from './encoder-options.ts';
import type { FfmpegCommand, FfmpegTools } from './ffmpeg-command.ts';
import { printRate } from './film-clock.ts';
import { chain, generate } from './filter-graph.ts';
import {
  frameNumber,
  isSlice,
  type NalUnit,
  nalType,
  nalTypes,
  readUnits,
  withStartCode,
} from './h264-units.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

/** What the coded pictures depend on. */
export type PictureFormat = Pick<OutputSpec, 'width' | 'height' | 'fps' | 'video'>;

export type SkipFrames = {
  /** The settings that the coded pictures were made under; they fit only streams that have the same. */
  readonly parameterSets: readonly NalUnit[];
  /** By frame number, 0 to 15. */
  readonly slices: readonly NalUnit[];
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
      const still = await this.#encode(format, 'black', join(folder.dir, 'still.264'));
      const skipFrames = takeSkipFrames(still);
      if (skipFrames === null) return null;
      const moving = await this.#encode(format, 'moving', join(folder.dir, 'moving.264'));
      return (await this.#standsStill(moving, skipFrames, folder.dir)) ? skipFrames : null;
    } catch (error) {
      // FFmpeg refuses what it is given here: nothing can be repeated. Anything else may pass.
      if (error instanceof RenderError && !error.retryable) return null;
      throw error;
    } finally {
      await folder.remove();
    }
  }

  async #encode(format: PictureFormat, content: SampleContent, path: string): Promise<readonly NalUnit[]> {
    await runFfmpeg(this.#tools, sampleCommand(format, content, path), what);
    const units: NalUnit[] = [];
    for await (const unit of readUnits(createReadStream(path))) units.push(unit);
    return units;
  }

  /** Moving pictures, then two rounds of repetitions: once these begin, no decoded picture may differ. */
  async #standsStill(moving: readonly NalUnit[], skipFrames: SkipFrames, dir: string): Promise<boolean> {
    const spliced = join(dir, 'spliced.264');
    const hashes = join(dir, 'hashes.txt');
    const count = moving.filter(isSlice).length;
    const repeated = Array.from(
      { length: 2 * frameNumberCycle },
      (_, index) => skipFrames.slices[(count + index) % frameNumberCycle] ?? Buffer.alloc(0),
    );
    await writeFile(spliced, Buffer.concat([...moving, ...repeated].map(withStartCode)));
    await runFfmpeg(this.#tools, hashCommand(spliced, hashes), what);
    const pictures = (await readFile(hashes, 'utf8'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(',').at(-1));
    return pictures.length === count + repeated.length && new Set(pictures.slice(count - 1)).size === 1;
  }
}

const what = { errorCode: 'INTERNAL', what: 'a sample film' } as const;

type SampleContent = 'black' | 'moving';

/** Black: the first round of frame numbers may still improve the picture, the second is taken, the last sees the end. */
const sampleFrames = 3 * frameNumberCycle;

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

/** Null where the stream is not built as repeating needs it: one slice for each picture, numbered modulo 16. */
function takeSkipFrames(units: readonly NalUnit[]): SkipFrames | null {
  const slices = units.filter(isSlice);
  const isCounted = slices.every((slice, index) => frameNumber(slice) === index % frameNumberCycle);
  const isOneGop = slices.every((slice, index) => (nalType(slice) === nalTypes.keySlice) === (index === 0));
  if (slices.length !== sampleFrames || !isCounted || !isOneGop) return null;
  return {
    parameterSets: parameterSets(units),
    slices: slices.slice(frameNumberCycle, 2 * frameNumberCycle),
  };
}

function parameterSets(units: readonly NalUnit[]): readonly NalUnit[] {
  const types: readonly number[] = [nalTypes.sequenceParameters, nalTypes.pictureParameters];
  return units.filter((unit) => types.includes(nalType(unit)));
}
