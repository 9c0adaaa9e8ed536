import { chmod, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { RenderError } from '../contract/errors.ts';
import { withinDeadline } from './deadline.ts';
import { hashFile } from './hash-file.ts';
import { linkOrCopy } from './link-file.ts';
import { ObjectNotFound, type ObjectStore } from './object-store.ts';
import { errorCode } from './store-error.ts';
import { isGone, parseInstance, printInstance, type WorkerInstance } from './worker-instance.ts';

export type AssetCacheOptions = {
  readonly dir: string;
  readonly maxBytes: number;
  readonly store: ObjectStore;
  readonly instance: WorkerInstance;
};

export type AssetUse = {
  /** SHA-256 of the file, lower-case hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly objectKey: string;
  /** Must not exist yet. */
  readonly targetPath: string;
  readonly signal?: AbortSignal;
};

type Entry = { readonly bytes: number; isVerified: boolean };

const HASH = /^[0-9a-f]{64}$/;
const DOWNLOAD_ATTEMPTS_MAX = 2;
/** Another worker on this machine may drop a file between our look and our link. */
const LINK_ATTEMPTS_MAX = 3;

/**
 * Source files kept on this worker by content, so that a hundred scenes of one source download it once.
 * Files are given out as links: dropping one from the cache never takes it from a scene that is being rendered.
 */
export class AssetCache {
  readonly #options: AssetCacheOptions;
  /** In the order of use, the least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #fetching = new Map<string, Promise<void>>();
  #loaded: Promise<void> | null = null;
  #downloads = 0;

  constructor(options: AssetCacheOptions) {
    this.#options = options;
  }

  /** Puts the file at the target path. Throws ASSET_UNAVAILABLE where the stored bytes are gone or are not what the hash says. */
  async use(asset: AssetUse): Promise<void> {
    if (!HASH.test(asset.hash)) throw new Error(`"${asset.hash}" is not a content hash.`);
    await this.#ready();
    for (let attempt = 1; ; attempt++) {
      // Not the caller's to cancel: another scene may be waiting for the same file.
      await withinDeadline(this.#ensure(asset), null, asset.signal);
      try {
        await linkOrCopy(this.#path(asset.hash), asset.targetPath);
        break;
      } catch (error) {
        this.#entries.delete(asset.hash);
        if (errorCode(error) !== 'ENOENT' || attempt === LINK_ATTEMPTS_MAX) throw error;
      }
    }
    await this.#evict();
  }

  /** Removes what workers left that died in the middle of a download; returns the names. */
  async sweep(): Promise<readonly string[]> {
    const removed: string[] = [];
    for (const name of await readdir(this.#options.dir).catch(() => [])) {
      const path = join(this.#options.dir, name);
      const info = await stat(path).catch(() => null);
      if (info === null || !this.#isAbandoned(name, info.mtimeMs)) continue;
      await rm(path, { force: true });
      removed.push(name);
    }
    return removed;
  }

  /** Bytes that are kept now. */
  get keptBytes(): number {
    let bytes = 0;
    for (const entry of this.#entries.values()) bytes += entry.bytes;
    return bytes;
  }

  /** Once; after a failure the next use tries again. */
  #ready(): Promise<void> {
    this.#loaded ??= this.#load().catch((error: unknown) => {
      this.#loaded = null;
      throw error;
    });
    return this.#loaded;
  }

  #ensure(asset: AssetUse): Promise<void> {
    const running = this.#fetching.get(asset.hash);
    if (running !== undefined) return running;
    const started = this.#ensureAlone(asset).finally(() => this.#fetching.delete(asset.hash));
    this.#fetching.set(asset.hash, started);
    return started;
  }

  async #ensureAlone(asset: AssetUse): Promise<void> {
    if (await this.#isSound(asset)) {
      await this.#markUsed(asset.hash, asset.bytes);
      return;
    }
    for (let attempt = 1; attempt <= DOWNLOAD_ATTEMPTS_MAX; attempt++) {
      if (!(await this.#download(asset))) continue;
      await this.#markUsed(asset.hash, asset.bytes);
      return;
    }
    throw new RenderError(
      'ASSET_UNAVAILABLE',
      `The stored file "${asset.objectKey}" is not what was uploaded.`,
      {
        hint: 'Upload the file again and render the film anew.',
      },
    );
  }

  /** A file of an earlier process is hashed once before it is trusted; afterwards its size is enough. */
  async #isSound({ hash, bytes }: AssetUse): Promise<boolean> {
    const entry = this.#entries.get(hash);
    if (entry === undefined) return false;
    const info = await stat(this.#path(hash)).catch(() => null);
    if (info?.size !== bytes) return false;
    entry.isVerified ||= (await hashFile(this.#path(hash))) === hash;
    return entry.isVerified;
  }

  /** False where the bytes are not those of the hash. */
  async #download({ hash, bytes, objectKey }: AssetUse): Promise<boolean> {
    this.#downloads += 1;
    const worker = printInstance(this.#options.instance);
    const temporary = join(this.#options.dir, `download-${worker}.${this.#downloads}`);
    try {
      // Cleaners of temporary files remove what lies idle for days.
      await this.#makeFolder();
      const written = await this.#options.store.readToFile(objectKey, temporary);
      if (written.bytes !== bytes || written.sha256 !== hash) return false;
      // Read-only: what is written into a link would be written into the cache.
      await chmod(temporary, 0o444);
      await rename(temporary, this.#path(hash));
      return true;
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
      throw new RenderError('ASSET_UNAVAILABLE', `The stored file "${objectKey}" is gone.`, {
        hint: 'Upload the file again and render the film anew.',
        retryable: false,
        cause: error,
      });
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #markUsed(hash: string, bytes: number): Promise<void> {
    this.#entries.delete(hash);
    this.#entries.set(hash, { bytes, isVerified: true });
    const now = new Date();
    // For the order after a restart; a file that was dropped meanwhile needs none.
    await utimes(this.#path(hash), now, now).catch(() => undefined);
  }

  async #evict(): Promise<void> {
    for (const hash of [...this.#entries.keys()]) {
      if (this.keptBytes <= this.#options.maxBytes) return;
      if (this.#fetching.has(hash)) continue;
      this.#entries.delete(hash);
      await rm(this.#path(hash), { force: true });
    }
  }

  async #load(): Promise<void> {
    const { dir } = this.#options;
    await this.#makeFolder();
    await this.sweep();
    const kept: { readonly hash: string; readonly bytes: number; readonly usedAtMs: number }[] = [];
    for (const name of await readdir(dir)) {
      const info = await stat(join(dir, name)).catch(() => null);
      if (info === null) continue;
      if (HASH.test(name)) kept.push({ hash: name, bytes: info.size, usedAtMs: info.mtimeMs });
    }
    kept.sort((a, b) => a.usedAtMs - b.usedAtMs);
    for (const { hash, bytes } of kept) this.#entries.set(hash, { bytes, isVerified: false });
    await this.#evict();
  }

  async #makeFolder(): Promise<void> {
    await mkdir(this.#options.dir, { recursive: true, mode: 0o700 });
  }

  /** One that is under way is written to all the time. */
  #isAbandoned(name: string, writtenAtMs: number): boolean {
    const [, worker = ''] = /^download-([^.]+)\.\d+/.exec(name) ?? [];
    const instance = parseInstance(worker);
    return instance !== null && isGone(instance, this.#options.instance, writtenAtMs);
  }

  #path(hash: string): string {
    return join(this.#options.dir, hash);
  }
}
