import { randomUUID } from 'node:crypto';
import { createReadStream, type Dir } from 'node:fs';
import { mkdir, open, opendir, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { checkKey, checkPrefix } from './check-key.ts';
import { withinDeadline } from './deadline.ts';
import { measureFile, readBytes } from './hash-file.ts';
import { linkOrCopy } from './link-file.ts';
import { Meter } from './meter.ts';
import {
  type CallOptions,
  type FileOptions,
  type ObjectInfo,
  ObjectNotFound,
  type ObjectStore,
  type PutOptions,
  type ReadOptions,
  type Written,
} from './object-store.ts';
import { errorCode, fileFault, storeError } from './store-error.ts';
import { linkNewFile, pipeToNewFile, writeNewFile } from './write-file.ts';

/** No key begins with a dot, so no object can lie here. */
const TEMPORARY_FOLDER = '.temporary';
/** A folder may be pruned by a remove between its making and its use; that often in a row is not an accident. */
const MOVE_ATTEMPTS_MAX = 5;
const ENTRIES_READ_AT_ONCE = 500;

/** Objects as plain files below one folder, under their keys. A file is never changed in place, only replaced. */
export class FileStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  async put(key: string, body: Readable, options: PutOptions): Promise<Written> {
    const path = this.#path(key);
    const temporary = await this.#temporaryPath().catch((error: unknown) => {
      // Nobody else would ever read or close it.
      body.destroy();
      throw error;
    });
    const meter = new Meter(options.onProgress);
    const { signal } = options;
    let bodyError: unknown;
    body.once('error', (error) => {
      bodyError = error;
    });
    try {
      await pipeToNewFile([body, meter], temporary, signal);
      await this.#moveTo(temporary, path);
      return meter.written();
    } catch (error) {
      throw fileFault(error, { action: 'write', key, signal, bodyError });
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async putFile(key: string, path: string, options: PutOptions & FileOptions): Promise<Written> {
    if (options.isReadOnly !== true) return this.put(key, createReadStream(path), options);
    const target = this.#path(key);
    const temporary = await this.#temporaryPath();
    try {
      await linkOrCopy(path, temporary);
      const written = await measureFile(temporary, options);
      await this.#moveTo(temporary, target);
      return written;
    } catch (error) {
      throw fileFault(error, { action: 'write', key, signal: options.signal });
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async read(key: string, options: ReadOptions = {}): Promise<Readable> {
    const { start, end, signal } = options;
    const context = { action: 'read', key, signal };
    try {
      signal?.throwIfAborted();
      const file = await open(this.#path(key), 'r');
      return file.createReadStream({
        start: start ?? 0,
        end: end ?? Number.POSITIVE_INFINITY,
        highWaterMark: readBytes,
        ...(signal && { signal }),
      });
    } catch (error) {
      throw storeError(error, context);
    }
  }

  async readToFile(key: string, path: string, options: FileOptions = {}): Promise<Written> {
    const { signal } = options;
    if (options.isReadOnly === true) return this.#linkToFile(key, path, signal);
    const body = await this.read(key, { ...(signal && { signal }) });
    try {
      return await writeNewFile(path, body, signal);
    } catch (error) {
      throw fileFault(error, { action: 'read', key, signal });
    }
  }

  async #linkToFile(key: string, path: string, signal: AbortSignal | undefined): Promise<Written> {
    // Only this tells a missing object from a missing folder of the caller's.
    if ((await this.stat(key)) === null) throw new ObjectNotFound(key);
    try {
      return await linkNewFile(path, this.#path(key), signal);
    } catch (error) {
      throw fileFault(error, { action: 'read', key, signal });
    }
  }

  async stat(key: string, { signal }: CallOptions = {}): Promise<ObjectInfo | null> {
    return withinDeadline(this.#statPath(key, this.#path(key)), null, signal);
  }

  async copy(from: string, to: string, { signal }: CallOptions = {}): Promise<void> {
    const paths = { from: this.#path(from), to: this.#path(to) };
    signal?.throwIfAborted();
    try {
      await withinDeadline(this.#copyPath(paths, signal), null, signal);
    } catch (error) {
      const context = { action: 'copy', key: from, signal };
      // Where the source is there, it is the way to the target that is missing.
      const isThere = signal?.aborted !== true && (await this.stat(from)) !== null;
      throw isThere ? fileFault(error, context) : storeError(error, context);
    }
  }

  async #copyPath(
    { from, to }: { readonly from: string; readonly to: string },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const temporary = await this.#temporaryPath();
    try {
      await linkOrCopy(from, temporary);
      // Whoever has given up does not get it late.
      signal?.throwIfAborted();
      await this.#moveTo(temporary, to);
    } finally {
      // A rename of one link onto another of the same file does nothing, so the temporary name may still be there.
      await rm(temporary, { force: true });
    }
  }

  async remove(keys: readonly string[], { signal }: CallOptions = {}): Promise<void> {
    for (const key of keys) {
      signal?.throwIfAborted();
      await withinDeadline(this.#removePath(key), null, signal);
    }
  }

  async #removePath(key: string): Promise<void> {
    const path = this.#path(key);
    try {
      await unlink(path);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw storeError(error, { action: 'remove', key });
    }
    await this.#prune(dirname(path));
  }

  async *list(prefix: string, options: CallOptions = {}): AsyncIterable<ObjectInfo> {
    checkPrefix(prefix);
    options.signal?.throwIfAborted();
    const folder = await this.#openFolder(prefix);
    if (folder === null) return;
    // Read bit by bit: a cache of small clips has hundreds of thousands. What is removed meanwhile does not disturb it.
    for await (const entry of folder) {
      options.signal?.throwIfAborted();
      const key = `${prefix}${entry.name}`;
      if (entry.isDirectory()) {
        yield* this.list(`${key}/`, options);
        continue;
      }
      const info = await this.#statPath(key, join(this.#root, key));
      if (info !== null) yield info;
    }
  }

  async #openFolder(prefix: string): Promise<Dir | null> {
    try {
      return await opendir(join(this.#root, prefix), { bufferSize: ENTRIES_READ_AT_ONCE });
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw storeError(error, { action: 'list', key: prefix });
    }
  }

  async removeUnfinished(before: Date, { signal }: CallOptions = {}): Promise<number> {
    const folder = join(this.#root, TEMPORARY_FOLDER);
    let removed = 0;
    for (const name of await readdir(folder).catch(() => [])) {
      signal?.throwIfAborted();
      const path = join(folder, name);
      const info = await stat(path).catch(() => null);
      if (info === null || info.ctime >= before) continue;
      await rm(path, { force: true });
      removed += 1;
    }
    return removed;
  }

  async check(): Promise<void> {
    try {
      await mkdir(join(this.#root, TEMPORARY_FOLDER), { recursive: true });
    } catch (error) {
      throw fileFault(error, { action: 'use', key: this.#root });
    }
  }

  async #statPath(key: string, path: string): Promise<ObjectInfo | null> {
    try {
      const info = await stat(path);
      return info.isFile() ? { key, bytes: info.size, modifiedAt: info.mtime } : null;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw storeError(error, { action: 'look at', key });
    }
  }

  #path(key: string): string {
    checkKey(key);
    return join(this.#root, key);
  }

  async #temporaryPath(): Promise<string> {
    await this.check();
    return join(this.#root, TEMPORARY_FOLDER, `${process.pid}-${randomUUID()}`);
  }

  async #moveTo(temporary: string, path: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await mkdir(dirname(path), { recursive: true });
      try {
        await rename(temporary, path);
        return;
      } catch (error) {
        if (errorCode(error) !== 'ENOENT' || attempt === MOVE_ATTEMPTS_MAX) throw error;
      }
    }
  }

  /** Removes folders that are empty; rmdir itself refuses one that is not, however late a file comes. */
  async #prune(folder: string): Promise<void> {
    for (let path = folder; path !== this.#root; path = dirname(path)) {
      try {
        await rmdir(path);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') return;
      }
    }
  }
}
