import type { ApiClient } from './api-client.ts';
import type { FailureLine } from './cli-failure.ts';
import { findFiles, type HashOfFile, withAssets } from './source-files.ts';
import { findLocalSources } from './source-references.ts';

/** Stands where an asset will be; no asset of a server is called so. */
const placeholder = 'not-uploaded-yet';

/** Where the files of a document lie, and where they are to go. */
export type FilePlace = {
  readonly projectId: string;
  /** What relative sources are relative to. */
  readonly folder: string;
  readonly hashOf: HashOfFile;
};

export type KnownAssets = {
  readonly movie: unknown;
  /** JSON paths of the sources whose files the server does not have. */
  readonly unknownPaths: ReadonlySet<string>;
  /** Sources that name no file. */
  readonly missing: readonly FailureLine[];
};

/** The movie with its local files as the assets that the server has already; nothing is sent. */
export async function withKnownAssets(
  client: ApiClient,
  movie: unknown,
  { projectId, folder, hashOf }: FilePlace,
): Promise<KnownAssets> {
  const { files, missing } = await findFiles(findLocalSources(movie), folder);
  const assetIds = new Map<string, string>();
  const unknownPaths = new Set(missing.map(({ path }) => path));
  for (const [file, paths] of files) {
    const known = await client.findAsset(projectId, await hashOf(file));
    const isReady = known?.status === 'ready';
    assetIds.set(file, isReady ? known.assetId : placeholder);
    if (!isReady) for (const path of paths) unknownPaths.add(path);
  }
  return { movie: withAssets(movie, folder, assetIds), unknownPaths, missing };
}
