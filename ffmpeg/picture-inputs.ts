import type { Hash, PlacedStill, PlanAsset } from '../plan-compiler/render-plan.ts';
import type { FfmpegInput } from './ffmpeg-command.ts';

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

/** A drawing of ours: raw RGBA, one picture. */
export function stillInput(still: PlacedStill): FfmpegInput {
  const size = `${still.width}x${still.height}`;
  return {
    path: still.path,
    options: ['-f', 'rawvideo', '-pixel_format', 'rgba', '-video_size', size, '-framerate', '1'],
  };
}

/** The file of an asset. Throws where the activity did not fetch it: a fault of ours. */
export function localAsset(assets: LocalAssets, hash: Hash): LocalAsset {
  const asset = assets.get(hash);
  if (asset === undefined) throw new Error(`The asset ${hash} is in the plan, but was not fetched.`);
  return asset;
}
