import type { LocalAsset, LocalAssets } from '../ffmpeg/picture-inputs.ts';
import type { Hash, PicturePlan, RenderPlan, SoundLayer } from '../plan-compiler/render-plan.ts';
import type { ScratchDirectory } from '../storage/scratch.ts';
import type { ActivityRun } from './activity-run.ts';
import { forEachBounded } from './bounded.ts';
import type { MediaServices } from './services.ts';

const downloadsAtOnce = 4;

export type SourceRequest = {
  readonly plan: RenderPlan;
  readonly hashes: readonly Hash[];
  readonly folder: ScratchDirectory;
  readonly run: ActivityRun;
};

/** Brings the sources' files into the scratch folder under names of ours, each read once by a worker. */
export async function fetchSources(services: MediaServices, request: SourceRequest): Promise<LocalAssets> {
  const { plan, folder, run } = request;
  const unique = [...new Set(request.hashes)];
  const found = new Map<Hash, LocalAsset>();
  await forEachBounded(unique, downloadsAtOnce, async (hash) => {
    const asset = plan.assets[hash];
    if (asset === undefined) throw new Error(`The plan uses the asset ${hash} and does not say where it is.`);
    const path = folder.path(`source_${unique.indexOf(hash)}`);
    await services.sources.use({
      hash,
      bytes: asset.bytes,
      objectKey: asset.objectKey,
      targetPath: path,
      signal: run.signal,
    });
    found.set(hash, { path, asset });
  });
  await folder.check();
  return found;
}

export function pictureSources(picture: PicturePlan): Hash[] {
  return picture.layers.flatMap((layer) => (layer.kind === 'drawn' ? [] : [layer.asset]));
}

export function soundSources(layers: readonly SoundLayer[]): Hash[] {
  return layers.map((layer) => layer.asset);
}
