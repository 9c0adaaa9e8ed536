import type { Readable } from 'node:stream';

/** What the store knows of an object. */
export type ObjectInfo = {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
};

export type PutOptions = {
  readonly contentType: string;
  /** Called with the bytes sent so far. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
};

export type FileOptions = {
  /** Nobody will write into the file: the store may share its bytes with it instead of copying them. */
  readonly isReadOnly?: boolean;
  readonly signal?: AbortSignal;
};

/** What was written: counted and hashed on the way. */
export type Written = { readonly bytes: number; readonly sha256: string };

export type ReadOptions = {
  /** First byte, default 0. */
  readonly start?: number;
  /** Last byte, inclusive; default the last of the object. */
  readonly end?: number;
  readonly signal?: AbortSignal;
};

/** Of calls that move no bytes of ours. An abort ends the call at once; what the server was told by then may still happen. */
export type CallOptions = { readonly signal?: AbortSignal };

/**
 * Bytes by key. Keys are made in `object-keys.ts` only; a key is never a folder of another.
 * Faults of the store are `RenderError` UNAVAILABLE (retryable); a missing object is `ObjectNotFound`.
 */
export interface ObjectStore {
  /** Streams an object in; it becomes visible whole or not at all. Putting the same key again replaces it. */
  put(key: string, body: Readable, options: PutOptions): Promise<Written>;
  putFile(key: string, path: string, options: PutOptions & FileOptions): Promise<Written>;
  /** Streams an object out. Throws ObjectNotFound before the first byte. */
  read(key: string, options?: ReadOptions): Promise<Readable>;
  /** Writes the object to a file that must not exist yet; leaves no partial file behind. Throws ObjectNotFound. */
  readToFile(key: string, path: string, options?: FileOptions): Promise<Written>;
  /** Null where there is no such object. */
  stat(key: string, options?: CallOptions): Promise<ObjectInfo | null>;
  /** Copies inside the store. Throws ObjectNotFound. Repeating it is harmless. */
  copy(from: string, to: string, options?: CallOptions): Promise<void>;
  /** Removes; keys that are not there are no error. */
  remove(keys: readonly string[], options?: CallOptions): Promise<void>;
  /** All objects below a prefix that ends in "/", in no promised order. */
  list(prefix: string, options?: CallOptions): AsyncIterable<ObjectInfo>;
  /** Removes what uploads left that were broken off before the time given; returns how many. */
  removeUnfinished(before: Date, options?: CallOptions): Promise<number>;
  /** Resolves when the store answers; throws UNAVAILABLE. For readiness. */
  check(): Promise<void>;
}

/** There is no object under the key. */
export class ObjectNotFound extends Error {
  override readonly name = 'ObjectNotFound';
  readonly key: string;
  constructor(key: string) {
    super(`There is no object "${key}".`);
    this.key = key;
  }
}
