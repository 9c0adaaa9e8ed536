import type { ResolvedAsset, VideoFacts } from '../contract/asset.ts';
import type { Hash, PlanAsset, RenderPlan, SourceVideo } from './render-plan.ts';

/** All assets by content. Where one file was uploaded twice, the id that sorts first speaks for it: the plan must not depend on chance. */
export function assetsByHash(assets: ReadonlyMap<string, ResolvedAsset>): ReadonlyMap<Hash, PlanAsset> {
  const byHash = new Map<Hash, PlanAsset>();
  for (const [, asset] of [...assets].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!byHash.has(asset.sha256)) byHash.set(asset.sha256, planAsset(asset));
  }
  return byHash;
}

/** Those that the scenes and tracks name, by content hash in sorted order. */
export function usedAssets(
  { scenes, programme }: Pick<RenderPlan, 'scenes' | 'programme'>,
  assets: ReadonlyMap<Hash, PlanAsset>,
): RenderPlan['assets'] {
  const used = new Set<Hash>(programme.tracks.map((track) => track.asset));
  for (const { picture, sound } of scenes) {
    for (const layer of picture.layers) if (layer.kind !== 'drawn') used.add(layer.asset);
    for (const layer of sound?.layers ?? []) used.add(layer.asset);
  }
  const entries = [...used].sort().flatMap((hash) => {
    const asset = assets.get(hash);
    return asset === undefined ? [] : [[hash, asset] as const];
  });
  return Object.fromEntries(entries);
}

function planAsset({ objectKey, bytes, facts }: ResolvedAsset): PlanAsset {
  const { kind, demuxer, video } = facts;
  return { objectKey, bytes, demuxer, kind, video: video === null ? null : sourceVideo(video) };
}

function sourceVideo(facts: VideoFacts): SourceVideo {
  const { codec, width, height, hasAlpha, isInterlaced } = facts;
  const { colorSpace, colorTransfer, colorPrimaries, colorRange } = facts;
  return {
    codec,
    width,
    height,
    hasAlpha,
    isInterlaced,
    colorSpace,
    colorTransfer,
    colorPrimaries,
    colorRange,
  };
}
