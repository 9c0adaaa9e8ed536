import type { Readable } from 'node:stream';
import type { Asset } from '../contract/asset.ts';
import { RenderError } from '../contract/errors.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { Written } from '../storage/object-store.ts';
import type { ApiServices } from './services.ts';
import { UploadBody, UploadCut } from './upload-body.ts';

/** How long an upload's answer waits for its probe; past it the caller asks again. */
const INGEST_WAIT_MS_MAX = 60_000;
/** Copies of the same bytes looked at for one that is ready. */
const TWINS_MAX = 20;

export type Upload = {
  readonly userId: string;
  readonly projectId: string;
  readonly name: string;
  readonly body: Readable;
};

export type Received = { readonly kind: 'new' | 'known' | 'processing'; readonly asset: Asset };

type Services = Pick<ApiServices, 'assets' | 'store' | 'temporal' | 'settings' | 'newId' | 'log'>;

/** Stores an upload while it comes in, has it probed, and answers with what it is; keeps nothing of what is refused. */
export async function receiveAsset(services: Services, upload: Upload): Promise<Received> {
  const assetId = `asset_${services.newId()}`;
  const objectKey = objectKeys.asset(upload.userId, assetId);
  const written = await storeBody(services, objectKey, upload.body);
  const twin = await record(services, upload, { assetId, objectKey, ...written }).catch(
    async (error: unknown) => {
      await services.store.remove([objectKey]);
      throw error;
    },
  );
  if (twin === null) return await ingest(services, upload.userId, assetId);
  await services.store.remove([objectKey]);
  return { kind: 'known', asset: twin };
}

/** Creates the asset's row, unless the project has the same bytes already: then that asset. */
async function record(
  services: Services,
  upload: Upload,
  stored: Written & { readonly assetId: string; readonly objectKey: string },
): Promise<Asset | null> {
  const twin = await readyTwin(services, upload, stored.sha256);
  if (twin !== null) return twin;
  const { userId, projectId, name } = upload;
  const { ASSETS_PER_USER_MAX: assetsMax } = services.settings;
  const created = await services.assets.create({ userId, projectId, name, ...stored }, assetsMax);
  if (created === null) throw tooManyAssets(assetsMax);
  return null;
}

function tooManyAssets(assetsMax: number): RenderError {
  return new RenderError('INVALID_STATE', `A user may have ${assetsMax} assets.`, {
    hint: 'Remove those that are not used, with DELETE /v1/assets/{assetId}, or ask the operator to raise ASSETS_PER_USER_MAX.',
  });
}

async function storeBody(services: Services, objectKey: string, source: Readable): Promise<Written> {
  const body = new UploadBody(services.settings.UPLOAD_MAX_BYTES);
  feed(source, body);
  try {
    const written = await services.store.put(objectKey, body, { contentType: 'application/octet-stream' });
    if (written.bytes > 0) return written;
  } catch (error) {
    // A store may wrap the reason for which its source failed; the source knows better.
    throw uploadFault(body.errored ?? error);
  }
  await services.store.remove([objectKey]);
  throw new RenderError('ASSET_INVALID', 'The upload is empty.');
}

/** Like `pipeline`, but a refused upload leaves its connection open, so that the sender can read why. */
function feed(source: Readable, body: UploadBody): void {
  source.once('error', (error) => body.destroy(error));
  source.once('close', () => {
    if (!source.readableEnded) body.destroy(new UploadCut('The connection was closed.'));
  });
  body.once('close', () => {
    source.unpipe(body);
    source.resume();
  });
  source.pipe(body);
}

/** A sender that goes away is no fault of ours. */
function uploadFault(error: unknown): unknown {
  const isReset = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
  if (!isReset && !(error instanceof UploadCut)) return error;
  return new RenderError('VALIDATION_ERROR', 'The upload was not completed.');
}

async function readyTwin(services: Services, upload: Upload, sha256: string): Promise<Asset | null> {
  const { assets } = await services.assets.list(upload.userId, {
    projectId: upload.projectId,
    sha256,
    limit: TWINS_MAX,
    cursor: null,
  });
  return assets.find((asset) => asset.status === 'ready') ?? null;
}

async function ingest(services: Services, userId: string, assetId: string): Promise<Received> {
  try {
    await services.temporal.ingest(assetId, INGEST_WAIT_MS_MAX);
  } catch (error) {
    // Nothing is accepted that could be lost: without a workflow nobody would ever probe it.
    await discard(services, userId, assetId);
    throw error;
  }
  const asset = await services.assets.find(userId, assetId);
  if (asset === null) throw new RenderError('NOT_FOUND', 'The asset was removed while it was looked at.');
  switch (asset.status) {
    case 'ready':
      return { kind: 'new', asset };
    case 'processing':
      return { kind: 'processing', asset };
    case 'refused':
      await discard(services, userId, assetId);
      throw new RenderError('ASSET_INVALID', asset.error ?? 'The file is not a plain media file.');
  }
}

async function discard(services: Services, userId: string, assetId: string): Promise<void> {
  const outcome = await services.assets.remove(userId, assetId);
  if (outcome.kind === 'removed') await services.store.remove([outcome.objectKey]);
}
