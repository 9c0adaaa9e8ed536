import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RenderError } from '../../contract/errors.ts';
import {
  type ObjectInfo,
  ObjectNotFound,
  type ObjectStore,
  type ReadOptions,
  type Written,
} from '../../storage/object-store.ts';

/** Objects in memory. While `isAway`, every call fails as a store out of reach does. */
export class FakeStore implements ObjectStore {
  readonly objects = new Map<string, Buffer>();
  isAway = false;
  /** How many puts are under way. */
  putsOpen = 0;

  async put(key: string, body: Readable): Promise<Written> {
    this.#answer();
    this.putsOpen += 1;
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
    } catch (cause) {
      // Real stores wrap what went wrong with their source.
      throw new RenderError('UNAVAILABLE', 'The object could not be stored.', { cause });
    } finally {
      this.putsOpen -= 1;
    }
    const bytes = Buffer.concat(chunks);
    this.objects.set(key, bytes);
    return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  putFile(key: string, path: string): Promise<Written> {
    return this.put(key, createReadStream(path));
  }

  async read(key: string, options: ReadOptions = {}): Promise<Readable> {
    const bytes = await this.#get(key);
    return Readable.from([bytes.subarray(options.start ?? 0, (options.end ?? bytes.length - 1) + 1)]);
  }

  async readToFile(key: string, path: string): Promise<Written> {
    const bytes = await this.#get(key);
    await writeFile(path, bytes, { flag: 'wx' });
    return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /** Nothing is ever half stored here. */
  removeUnfinished(): Promise<number> {
    return Promise.resolve(0);
  }

  stat(key: string): Promise<ObjectInfo | null> {
    this.#answer();
    const bytes = this.objects.get(key);
    return Promise.resolve(bytes === undefined ? null : info(key, bytes));
  }

  async copy(from: string, to: string): Promise<void> {
    this.objects.set(to, await this.#get(from));
  }

  remove(keys: readonly string[]): Promise<void> {
    this.#answer();
    for (const key of keys) this.objects.delete(key);
    return Promise.resolve();
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    await this.check();
    for (const [key, bytes] of [...this.objects]) if (key.startsWith(prefix)) yield info(key, bytes);
  }

  async check(): Promise<void> {
    await Promise.resolve();
    this.#answer();
  }

  async #get(key: string): Promise<Buffer> {
    await this.check();
    const bytes = this.objects.get(key);
    if (bytes === undefined) throw new ObjectNotFound(key);
    return bytes;
  }

  #answer(): void {
    if (this.isAway) throw new RenderError('UNAVAILABLE', 'connect ECONNREFUSED 10.0.0.7:9000');
  }
}

function info(key: string, bytes: Buffer): ObjectInfo {
  return { key, bytes: bytes.length, modifiedAt: new Date('2026-01-01T00:00:00Z') };
}
