import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asset } from '../contract/asset.ts';
import type { ApiClient } from './api-client.ts';
import { CliFailure, type FailureLine } from './cli-failure.ts';
import type { FilePlace } from './known-assets.ts';
import { requireFiles, withAssets } from './source-files.ts';
import { findLocalSources } from './source-references.ts';

/** The server probes an upload before it is ready. */
const probePollMs = 250;
const probeTimeoutMs = 5 * 60_000;

export type UploadResult = {
  readonly movie: unknown;
  readonly files: number;
  /** Sent now; the others were known. */
  readonly sent: number;
};

export type UploadContext = FilePlace & {
  readonly onSend: (file: string, place: { readonly index: number; readonly count: number }) => void;
};

/** Brings the local files of a movie to the server, each once however often it is named, and answers the movie with assets. */
export async function uploadAssets(
  client: ApiClient,
  movie: unknown,
  context: UploadContext,
): Promise<UploadResult> {
  const references = findLocalSources(movie);
  const files = await requireFiles(references, context.folder);
  const assetIds = new Map<string, string>();
  const refused: FailureLine[] = [];
  let sent = 0;
  for (const [index, [file, paths]] of [...files].entries()) {
    const known = await client.findAsset(context.projectId, await context.hashOf(file));
    const isKnown = known !== null && known.status !== 'refused';
    if (!isKnown) context.onSend(file, { index, count: files.size });
    const upload = { projectId: context.projectId, name: basename(file), file };
    const asset = await untilProbed(client, isKnown ? known : await client.uploadAsset(upload));
    if (!isKnown) sent += 1;
    if (asset.status === 'refused') refused.push(...paths.map((path) => refusal(path, file, asset)));
    assetIds.set(file, asset.assetId);
  }
  if (refused.length > 0)
    throw new CliFailure('ASSET_INVALID', 'The server refused a file.', { lines: refused });
  return { movie: withAssets(movie, context.folder, assetIds), files: files.size, sent };
}

async function untilProbed(client: ApiClient, uploaded: Asset): Promise<Asset> {
  const deadline = Date.now() + probeTimeoutMs;
  let asset = uploaded;
  while (asset.status === 'processing') {
    if (Date.now() > deadline) {
      throw new CliFailure('ASSET_TIMEOUT', `The server has not looked into ${asset.name} within 5 minutes.`);
    }
    await sleep(probePollMs);
    asset = await client.getAsset(asset.assetId);
  }
  return asset;
}

function refusal(path: string, file: string, asset: Asset): FailureLine {
  const hint = 'Plain video, image and sound files are taken; convert it first.';
  return { path, message: `${file}: ${asset.error ?? 'not a media file we take'}`, hint };
}
