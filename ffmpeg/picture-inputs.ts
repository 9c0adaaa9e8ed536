import type { Hash, PlacedStill, PlanAsset } from '../plan-compiler/render-plan.ts';
import type { FfmpegInput } from './ffmpeg-command.ts';
import { userFile } from './user-input.ts';

/** A source file in the scratch folder and what the plan says of it. */
export type LocalAsset = { readonly path: string; readonly asset: PlanAsset };
export type LocalAssets = ReadonlyMap<Hash, LocalAsset>;

/** Collects a command's inputs while its graph is built; the number of an input is its position. */
export class InputList {
  private readonly list: FfmpegInput[] = [];

  add(input: FfmpegInput): number {
    return this.list.push(input) - 1;
  }

  get inputs(): readonly FfmpegInput[] {
    return this.list;
  }
}

/**
 * A drawing of ours: raw RGBA, one picture. `rate`, as in "30/1", is what the stream of its repetitions says of itself: where that
 * is not the film's rate, FFmpeg shows the first frames twice (measured with 25 in a film of 60 frames a second).
 */
export function drawnInput(still: PlacedStill, rate: string): FfmpegInput {
  const size = `${still.width}x${still.height}`;
  return {
    path: still.path,
    options: ['-f', 'rawvideo', '-pixel_format', 'rgba', '-video_size', size, '-framerate', rate],
  };
}

/** A user's picture; `rate` as above. */
export function imageInput({ path, asset }: LocalAsset, rate: string): FfmpegInput {
  return userFile(path, asset.demuxer, ['-r', rate]);
}

/** The file of an asset. Throws where the activity did not fetch it: a fault of ours. */
export function localAsset(assets: LocalAssets, hash: Hash): LocalAsset {
  const asset = assets.get(hash);
  if (asset === undefined) throw new Error(`The asset ${hash} is in the plan, but was not fetched.`);
  return asset;
}
