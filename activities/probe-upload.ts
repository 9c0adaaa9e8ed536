// Looks into an uploaded file once, locked down, and keeps what it found: all that a compiler ever knows of it.
import { RenderError } from '../contract/errors.ts';
import { probeAsset } from '../ffmpeg/probe-asset.ts';
import type { ActivityRun } from './activity-run.ts';
import { refusePoison } from './lost-workers.ts';
import type { MediaServices } from './services.ts';

export async function probeUpload(
  services: MediaServices,
  { assetId }: { readonly assetId: string },
  run: ActivityRun,
): Promise<void> {
  const location = await services.assets.location(assetId);
  if (location === null) return;
  const folder = await services.scratch.open(assetId, `probe_${run.attempt}`);
  try {
    refusePoison(run.workersLost, 'ASSET_INVALID');
    const path = folder.path('upload');
    const { sha256: hash, bytes, objectKey } = location;
    await services.sources.use({ hash, bytes, objectKey, targetPath: path, signal: run.signal });
    await services.assets.setFacts(assetId, await probeAsset(services.ffmpeg, { path, signal: run.signal }));
  } catch (error) {
    if (!(error instanceof RenderError) || error.code !== 'ASSET_INVALID') throw error;
    const advice = error.hint === null ? '' : ` ${error.hint}`;
    await services.assets.refuse(assetId, `${error.message}${advice}`);
  } finally {
    await folder.remove();
  }
}
