// The questions about uploaded files.
import type { Asset, AssetFacts, ResolvedAsset } from '../contract/asset.ts';

export type NewAsset = {
  readonly assetId: string;
  readonly userId: string;
  readonly projectId: string;
  readonly name: string;
  readonly objectKey: string;
  readonly bytes: number;
  readonly sha256: string;
};

export interface AssetRepository {
  /** Null where the user has as many as allowed; without a bound there is none. */
  create(asset: NewAsset, assetsMax?: number): Promise<Asset | null>;
  find(userId: string, assetId: string): Promise<Asset | null>;
  /** For the probe. */
  location(
    assetId: string,
  ): Promise<{ readonly objectKey: string; readonly bytes: number; readonly sha256: string } | null>;
  list(
    userId: string,
    filter: {
      readonly projectId: string;
      readonly sha256: string | null;
      readonly limit: number;
      readonly cursor: string | null;
    },
  ): Promise<{ readonly assets: readonly Asset[]; readonly nextCursor: string | null }>;
  setFacts(assetId: string, facts: AssetFacts): Promise<void>;
  refuse(assetId: string, reason: string): Promise<void>;
  /** Ready assets of the project among the ids. */
  resolve(projectId: string, assetIds: readonly string[]): Promise<ReadonlyMap<string, ResolvedAsset>>;
  /** False where an active job's document names it. Returns the object key to remove. */
  remove(
    userId: string,
    assetId: string,
  ): Promise<
    { readonly kind: 'removed'; readonly objectKey: string } | { readonly kind: 'not-found' | 'in-use' }
  >;
}
