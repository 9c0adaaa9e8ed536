import { createReadStream } from 'node:fs';
import { stat as statFile } from 'node:fs/promises';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BucketItem, Client } from 'minio';
import { checkKey, checkPrefix } from './check-key.ts';
import { withinDeadline } from './deadline.ts';
import { Meter } from './meter.ts';
import type { CallOptions, FileOptions, PutOptions, ReadOptions, Written } from './object-store.ts';
import { type ObjectInfo, ObjectNotFound, type ObjectStore } from './object-store.ts';
import { createS3Client, type S3Address, type S3Patience } from './s3-client.ts';
import { type CopyBounds, copyObject, defaultCopyBounds } from './s3-copy.ts';
import { dropUpload, pageOfUploads, type UploadPage } from './s3-unfinished.ts';
import { uploadStream } from './s3-upload.ts';
import { errorCode, fileFault, type StoreAction, storeError, unavailable } from './store-error.ts';
import { writeNewFile } from './write-file.ts';

const DEFAULT_PATIENCE: S3Patience = { silenceMs: 30_000, longSilenceMs: 600_000 };
/** For a call without a body, however slowly the bytes of its answer come. */
const CALL_DEADLINE_MS = 120_000;
const COPY_DEADLINE_MS = 1_800_000;
const CHECK_DEADLINE_MS = 5_000;

export type S3StoreOptions = { readonly patience?: S3Patience; readonly copyBounds?: CopyBounds };

/** Objects in a bucket of any S3 server. The bucket is made when it is first needed. */
export class S3Store implements ObjectStore {
  readonly #client: Client;
  readonly #bucket: string;
  readonly #region: string;
  readonly #copyBounds: CopyBounds;
  #bucketReady: Promise<void> | null = null;

  constructor(address: S3Address, options: S3StoreOptions = {}) {
    this.#client = createS3Client(address, options.patience ?? DEFAULT_PATIENCE);
    this.#bucket = address.bucket;
    this.#region = address.region;
    this.#copyBounds = options.copyBounds ?? defaultCopyBounds;
  }

  put(key: string, body: Readable, options: PutOptions): Promise<Written> {
    return this.#put(key, body, { ...options, bytes: null });
  }

  async putFile(key: string, path: string, options: PutOptions): Promise<Written> {
    const { size } = await statFile(path);
    return this.#put(key, createReadStream(path), { ...options, bytes: size });
  }

  async read(key: string, options: ReadOptions = {}): Promise<Readable> {
    const info = await this.stat(key, options);
    if (info === null) throw new ObjectNotFound(key);
    const start = options.start ?? 0;
    const end = Math.min(options.end ?? info.bytes - 1, info.bytes - 1);
    if (end < start) return Readable.from([]);
    const context = { action: 'read', key, signal: options.signal };
    const bytes = end - start + 1;
    const body = await this.#open(context, () =>
      this.#client.getPartialObject(this.#bucket, key, start, bytes),
    );
    if (options.signal !== undefined) addAbortSignal(options.signal, body);
    const checked = Readable.from(exactly(body, bytes, context), { objectMode: false });
    return checked.once('close', () => body.destroy());
  }

  async readToFile(key: string, path: string, { signal }: FileOptions = {}): Promise<Written> {
    const body = await this.read(key, { ...(signal && { signal }) });
    try {
      return await writeNewFile(path, body, signal);
    } catch (error) {
      throw fileFault(error, { action: 'read', key, signal });
    }
  }

  async stat(key: string, { signal }: CallOptions = {}): Promise<ObjectInfo | null> {
    checkKey(key);
    try {
      const info = await this.#call({ action: 'look at', key, signal }, () =>
        this.#client.statObject(this.#bucket, key),
      );
      return { key, bytes: info.size, modifiedAt: info.lastModified };
    } catch (error) {
      if (error instanceof ObjectNotFound) return null;
      throw error;
    }
  }

  async copy(from: string, to: string, options: CallOptions = {}): Promise<void> {
    checkKey(to);
    const { signal } = options;
    const source = await this.stat(from, options);
    if (source === null) throw new ObjectNotFound(from);
    const target = { client: this.#client, bucket: this.#bucket, key: to };
    const context = { action: 'copy', key: from, signal, deadlineMs: COPY_DEADLINE_MS };
    await this.#call(context, () => copyObject(target, source, { ...this.#copyBounds, signal }));
  }

  async remove(keys: readonly string[], { signal }: CallOptions = {}): Promise<void> {
    for (const key of keys) checkKey(key);
    const [first] = keys;
    if (first === undefined) return;
    const context = { action: 'remove', key: first, signal };
    const answers = await this.#call(context, () => this.#client.removeObjects(this.#bucket, [...keys]));
    // Asked to be quiet, the server names only what it could not remove.
    const refusal: unknown = answers.find((answer) => answer !== null && answer !== undefined);
    if (refusal !== undefined)
      throw unavailable('The object store could not remove an object', new Error(JSON.stringify(refusal)));
  }

  async *list(prefix: string, { signal }: CallOptions = {}): AsyncIterable<ObjectInfo> {
    checkPrefix(prefix);
    const context = { action: 'list', key: prefix, signal };
    await this.#call(context, () => Promise.resolve());
    try {
      const found = this.#client.listObjectsV2(this.#bucket, prefix, true);
      if (signal !== undefined) addAbortSignal(signal, found);
      const items: AsyncIterable<BucketItem> = found;
      for await (const item of items) {
        const info = toObjectInfo(item);
        if (info !== null) yield info;
      }
    } catch (error) {
      throw storeError(error, context);
    }
  }

  async removeUnfinished(before: Date, { signal }: CallOptions = {}): Promise<number> {
    let removed = 0;
    const context = { action: 'list uploads of', key: this.#bucket, signal };
    for (let after: string | null = ''; after !== null; ) {
      const from: string = after;
      const page: UploadPage = await this.#call(context, () =>
        pageOfUploads(this.#client, this.#bucket, from),
      );
      after = page.next;
      for (const { key, uploadId, initiated } of page.uploads) {
        if (initiated >= before) continue;
        const target = { client: this.#client, bucket: this.#bucket, key };
        const ending = { action: 'end an upload of', key, signal };
        if (await this.#call(ending, () => dropUpload(target, uploadId))) removed += 1;
      }
    }
    return removed;
  }

  async check(): Promise<void> {
    await this.#call({ action: 'use', key: this.#bucket, deadlineMs: CHECK_DEADLINE_MS }, async () => {
      await this.#client.bucketExists(this.#bucket);
    });
  }

  async #put(
    key: string,
    body: Readable,
    options: PutOptions & { readonly bytes: number | null },
  ): Promise<Written> {
    checkKey(key);
    const { signal, bytes, contentType } = options;
    const meter = new Meter(options.onProgress);
    const target = { client: this.#client, bucket: this.#bucket, key };
    let bodyError: unknown;
    body.once('error', (error) => {
      bodyError = error;
    });
    try {
      await this.#prepareBucket();
      const upload = pipeline(
        body,
        meter,
        (source: AsyncIterable<Buffer>) => uploadStream(target, source, { contentType, bytes, signal }),
        { ...(signal && { signal }) },
      );
      await withinDeadline(upload, null, signal);
    } catch (error) {
      body.destroy();
      throw storeError(error, { action: 'write', key, signal, bodyError });
    }
    return meter.written();
  }

  /** A body that comes after its call was given up has no reader: unread it would hold its connection for ever. */
  async #open(context: StoreAction, ask: () => Promise<Readable>): Promise<Readable> {
    let asked: Promise<Readable> | null = null;
    try {
      return await this.#call(context, () => (asked = ask()));
    } catch (error) {
      discardLate(asked);
      throw error;
    }
  }

  async #call<Result>(
    context: StoreAction & { readonly deadlineMs?: number },
    ask: () => Promise<Result>,
  ): Promise<Result> {
    const answer = async (): Promise<Result> => {
      await this.#prepareBucket();
      // Given up while the bucket was looked for: nothing is begun any more.
      context.signal?.throwIfAborted();
      return ask();
    };
    try {
      return await withinDeadline(answer(), context.deadlineMs ?? CALL_DEADLINE_MS, context.signal);
    } catch (error) {
      throw storeError(error, context);
    }
  }

  /** Once; after a failure the next call tries again. */
  async #prepareBucket(): Promise<void> {
    this.#bucketReady ??= this.#makeBucket().catch((error: unknown) => {
      this.#bucketReady = null;
      throw error;
    });
    await this.#bucketReady;
  }

  async #makeBucket(): Promise<void> {
    if (await this.#client.bucketExists(this.#bucket)) return;
    try {
      await this.#client.makeBucket(this.#bucket, this.#region);
    } catch (error) {
      const code = errorCode(error);
      // Another process was faster.
      if (code !== 'BucketAlreadyOwnedByYou' && code !== 'BucketAlreadyExists') throw error;
    }
  }
}

/** Passes a body on and fails where it is not as long as announced: the client ends a cut one in silence. */
async function* exactly(
  body: Readable,
  bytes: number,
  context: StoreAction,
): AsyncGenerator<Buffer, void, undefined> {
  let received = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      received += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw storeError(error, context);
  }
  if (received !== bytes) throw unavailable(`"${context.key}" gave ${received} of ${bytes} bytes`, null);
}

function discardLate(asked: Promise<Readable> | null): void {
  asked?.then(
    (late) => late.destroy(),
    () => undefined,
  );
}

function toObjectInfo({ name, size, lastModified }: BucketItem): ObjectInfo | null {
  if (name === undefined) return null;
  return { key: name, bytes: size, modifiedAt: lastModified };
}
