import type { Asset, AssetFacts, ResolvedAsset } from '../../contract/asset.ts';
import type { AssetRepository, NewAsset } from '../../database/asset-ports.ts';

type Row = { readonly asset: Asset; readonly userId: string; readonly objectKey: string };

/** Assets in memory. `used` holds the ids that an active job names. */
export class FakeAssets implements AssetRepository {
  readonly rows = new Map<string, Row>();
  readonly used = new Set<string>();

  create(asset: NewAsset, assetsMax = Number.POSITIVE_INFINITY): Promise<Asset | null> {
    const owned = [...this.rows.values()].filter((row) => row.userId === asset.userId);
    if (owned.length >= assetsMax) return Promise.resolve(null);
    const { assetId, userId, projectId, name, objectKey, bytes, sha256 } = asset;
    const view: Asset = {
      assetId,
      projectId,
      name,
      status: 'processing',
      bytes,
      sha256,
      facts: null,
      error: null,
      createdAt: '2026-01-01T00:00:00.000Z',
    };
    this.rows.set(assetId, { asset: view, userId, objectKey });
    return Promise.resolve(view);
  }

  find(userId: string, assetId: string): Promise<Asset | null> {
    const row = this.rows.get(assetId);
    return Promise.resolve(row?.userId === userId ? row.asset : null);
  }

  location(assetId: string): Promise<{ objectKey: string; bytes: number; sha256: string } | null> {
    const row = this.rows.get(assetId);
    if (row === undefined) return Promise.resolve(null);
    const { bytes, sha256 } = row.asset;
    return Promise.resolve({ objectKey: row.objectKey, bytes, sha256 });
  }

  list(
    userId: string,
    filter: Parameters<AssetRepository['list']>[1],
  ): Promise<{ assets: readonly Asset[]; nextCursor: string | null }> {
    const assets = [...this.rows.values()]
      .filter((row) => row.userId === userId && row.asset.projectId === filter.projectId)
      .map(({ asset }) => asset)
      .filter(({ sha256 }) => filter.sha256 === null || filter.sha256 === sha256)
      .reverse();
    return Promise.resolve({ assets: assets.slice(0, filter.limit), nextCursor: null });
  }

  setFacts(assetId: string, facts: AssetFacts): Promise<void> {
    this.#change(assetId, { status: 'ready', facts });
    return Promise.resolve();
  }

  refuse(assetId: string, reason: string): Promise<void> {
    this.#change(assetId, { status: 'refused', error: reason });
    return Promise.resolve();
  }

  resolve(projectId: string, assetIds: readonly string[]): Promise<ReadonlyMap<string, ResolvedAsset>> {
    const resolved = new Map<string, ResolvedAsset>();
    for (const assetId of assetIds) {
      const row = this.rows.get(assetId);
      if (row?.asset.projectId !== projectId || row.asset.facts === null) continue;
      const { sha256, bytes, facts } = row.asset;
      resolved.set(assetId, { assetId, sha256, bytes, objectKey: row.objectKey, facts });
    }
    return Promise.resolve(resolved);
  }

  remove(userId: string, assetId: string): ReturnType<AssetRepository['remove']> {
    const row = this.rows.get(assetId);
    if (row?.userId !== userId) return Promise.resolve({ kind: 'not-found' });
    if (this.used.has(assetId)) return Promise.resolve({ kind: 'in-use' });
    this.rows.delete(assetId);
    return Promise.resolve({ kind: 'removed', objectKey: row.objectKey });
  }

  #change(assetId: string, patch: Partial<Asset>): void {
    const row = this.rows.get(assetId);
    if (row !== undefined) this.rows.set(assetId, { ...row, asset: { ...row.asset, ...patch } });
  }
}
