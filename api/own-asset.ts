import type { Asset } from '../contract/asset.ts';
import { RenderError } from '../contract/errors.ts';
import type { ApiServices } from './services.ts';

/**
 * The user's asset, or NOT_FOUND. One that is still processing has its ingest joined or begun again, so that an
 * upload whose server died after the row was written does not stay half done.
 */
export async function lookAtAsset(
  services: Pick<ApiServices, 'assets' | 'temporal' | 'log'>,
  userId: string,
  assetId: string,
): Promise<Asset> {
  const asset = await services.assets.find(userId, assetId);
  if (asset === null) throw noAsset();
  if (asset.status !== 'processing') return asset;
  await services.temporal.ingest(assetId, 0).catch((error: unknown) => {
    services.log.warn({ err: error, assetId }, 'an ingest could not be joined');
  });
  return asset;
}

/** Removes the user's asset: the row first, so that no new document can name what is about to go. */
export async function removeAsset(
  services: Pick<ApiServices, 'assets' | 'store'>,
  userId: string,
  assetId: string,
): Promise<void> {
  const outcome = await services.assets.remove(userId, assetId);
  switch (outcome.kind) {
    case 'removed':
      await services.store.remove([outcome.objectKey]);
      return;
    case 'not-found':
      throw noAsset();
    case 'in-use':
      throw new RenderError('INVALID_STATE', 'An active job uses the asset.', {
        hint: 'Cancel the job, or wait for its end.',
      });
  }
}

function noAsset(): RenderError {
  return new RenderError('NOT_FOUND', 'There is no such asset.');
}
