import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asset } from '../contract/asset.ts';
import type { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { CliFailure, type FailureLine } from './cli-failure.ts';
import type { FilePlace } from './known-assets.ts';
import { requireFiles, withAssets } from './source-files.ts';
import { findLocalSources } from './source-references.ts';

/** The server probes an upload before it is ready. */
const probePollMs = 250;
const probeTimeoutMs = 5 * 60_000;
/** The server takes 128; a letter beyond the basic plane counts as two there. */
const nameLettersMax = 64;

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
    const onSend = (): void => context.onSend(file, { index, count: files.size });
    const brought = await bringFile(client, file, { ...context, onSend });
    if (brought.isSent) sent += 1;
    if (brought.assetId === null) refused.push(...paths.map((path) => refusal(path, file, brought.reason)));
    else assetIds.set(file, brought.assetId);
  }
  if (refused.length > 0) throw refusalOf(refused, files.size);
  return { movie: withAssets(movie, context.folder, assetIds), files: files.size, sent };
}

type Brought = { readonly isSent: boolean } & (
  | { readonly assetId: string }
  | { readonly assetId: null; readonly reason: string }
);

/** One file as an asset of the project, or why the server does not take it. */
async function bringFile(
  client: ApiClient,
  file: string,
  { projectId, hashOf, onSend }: FilePlace & { readonly onSend: () => void },
): Promise<Brought> {
  const known = await client.findAsset(projectId, await hashOf(file));
  const isSent = known === null || known.status === 'refused';
  try {
    if (isSent) onSend();
    const upload = { projectId, name: assetName(file), file };
    const asset = await untilProbed(client, isSent ? await client.uploadAsset(upload) : known);
    if (asset.status !== 'refused') return { isSent, assetId: asset.assetId };
    return { isSent, assetId: null, reason: asset.error ?? 'It is not a media file that we take.' };
  } catch (error) {
    if (!(error instanceof ApiError) || !faultsOfFiles.has(error.code)) throw error;
    return { isSent, assetId: null, reason: error.message };
  }
}

/** Names of assets are shorter than file names may be, and hold no control characters. */
function assetName(file: string): string {
  const name = basename(file).replace(/\p{Cc}/gu, ' ');
  return Array.from(name).slice(0, nameLettersMax).join('');
}

/** What the server says of a file may hold for one file and not for the next. */
const faultsOfFiles: ReadonlySet<string> = new Set([
  'ASSET_INVALID',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
]);

function refusalOf(lines: readonly FailureLine[], count: number): CliFailure {
  const message = count === 1 ? 'The server refused the file.' : `The server refused some of ${count} files.`;
  return new CliFailure('ASSET_INVALID', message, { lines });
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

function refusal(path: string, file: string, reason: string): FailureLine {
  return { path, message: `${file}: ${reason}`, hint: null };
}
