import type { Asset, AssetFacts, ResolvedAsset } from '../contract/asset.ts';
import { RenderError } from '../contract/errors.ts';
import type { AssetRepository, NewAsset } from './asset-ports.ts';
import { readCursor, toPage } from './page-cursor.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

type AssetRow = Omit<Asset, 'createdAt'> & {
  readonly userId: string;
  readonly objectKey: string;
  readonly createdAt: Date;
};

const questions = {
  lockUser: question('jobs/lock-user'),
  count: question('assets/count'),
  insert: question('assets/insert'),
  find: question('assets/find'),
  location: question('assets/location'),
  list: question('assets/list'),
  setFacts: question('assets/set-facts'),
  refuse: question('assets/refuse'),
  resolve: question('assets/resolve'),
  isInUse: question('assets/is-in-use'),
  remove: question('assets/remove'),
};

/** Uploaded files and what is known of them. */
export class PgAssetRepository implements AssetRepository {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async create(asset: NewAsset, assetsMax?: number): Promise<Asset | null> {
    if (!(await this.#insert(asset, assetsMax ?? null))) return null;
    const created = await this.find(asset.userId, asset.assetId);
    if (created === null) throw new RenderError('INTERNAL', `The asset "${asset.assetId}" was not recorded.`);
    return created;
  }

  async find(userId: string, assetId: string): Promise<Asset | null> {
    const row = await this.#pool.first<AssetRow>(questions.find, { userId, assetId });
    return row === null ? null : toAsset(row);
  }

  location(
    assetId: string,
  ): Promise<{ readonly objectKey: string; readonly bytes: number; readonly sha256: string } | null> {
    return this.#pool.first(questions.location, { assetId });
  }

  async list(
    userId: string,
    filter: Parameters<AssetRepository['list']>[1],
  ): Promise<{ readonly assets: readonly Asset[]; readonly nextCursor: string | null }> {
    const values = { ...filter, ...readCursor(filter.cursor), userId, limit: filter.limit + 1 };
    const found = await this.#pool.all<AssetRow>(questions.list, values);
    const page = toPage(found, filter.limit, (asset) => ({ createdAt: asset.createdAt, id: asset.assetId }));
    return { assets: page.rows.map(toAsset), nextCursor: page.nextCursor };
  }

  async setFacts(assetId: string, facts: AssetFacts): Promise<void> {
    await this.#pool.change(questions.setFacts, { assetId, facts });
  }

  async refuse(assetId: string, reason: string): Promise<void> {
    // Postgres text cannot hold NUL, which a probe of a hostile file may have printed.
    await this.#pool.change(questions.refuse, { assetId, reason: reason.replaceAll('\0', '') });
  }

  async resolve(projectId: string, assetIds: readonly string[]): Promise<ReadonlyMap<string, ResolvedAsset>> {
    const found = await this.#pool.all<ResolvedAsset>(questions.resolve, { projectId, assetIds });
    return new Map(found.map((asset) => [asset.assetId, asset]));
  }

  remove(userId: string, assetId: string): ReturnType<AssetRepository['remove']> {
    return this.#pool.transaction('remove an asset', async (session) => {
      const asset = await session.first<AssetRow>(questions.find, { userId, assetId });
      if (asset === null) return { kind: 'not-found' };
      const reference = `asset:${assetId}`;
      const use = await session.first<{ isInUse: boolean }>(questions.isInUse, { ...asset, reference });
      if (use?.isInUse === true) return { kind: 'in-use' };
      const removed = await session.change(questions.remove, { userId, assetId });
      return removed === 0 ? { kind: 'not-found' } : { kind: 'removed', objectKey: asset.objectKey };
    });
  }

  /** False where the user has as many as allowed. Those of one user take turns, so that of two for the last place one is taken. */
  #insert(asset: NewAsset, assetsMax: number | null): Promise<boolean> {
    return this.#pool.transaction('record an asset', async (session) => {
      if (assetsMax !== null) {
        await session.first(questions.lockUser, asset);
        const counted = await session.first<{ assets: number }>(questions.count, { ...asset, assetsMax });
        if (counted === null || counted.assets >= assetsMax) return false;
      }
      return (await session.change(questions.insert, asset)) > 0;
    });
  }
}

function toAsset(row: AssetRow): Asset {
  const { assetId, projectId, name, status, bytes, sha256, facts, error, createdAt } = row;
  return {
    assetId,
    projectId,
    name,
    status,
    bytes,
    sha256,
    facts,
    error,
    createdAt: createdAt.toISOString(),
  };
}
