// A store that tells of every call to it: which, how long, how it ended.
import type { Readable } from 'node:stream';
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

type Operation = 'put' | 'put_file' | 'read' | 'read_to_file' | 'stat' | 'copy' | 'remove' | 'list' | 'check';

export type StoreCall = {
  readonly operation: Operation;
  /** A missing object is an answer, and so is a caller's own change of mind. */
  readonly outcome: 'ok' | 'not_found' | 'aborted' | 'error';
  /** Of a read: until the first byte can be taken. */
  readonly seconds: number;
};

export class ObservedStore implements ObjectStore {
  readonly #store: ObjectStore;
  readonly #onCall: (call: StoreCall) => void;

  constructor(store: ObjectStore, onCall: (call: StoreCall) => void) {
    this.#store = store;
    this.#onCall = onCall;
  }

  put(key: string, body: Readable, options: PutOptions): Promise<Written> {
    return this.#observe('put', () => this.#store.put(key, body, options), options);
  }

  putFile(key: string, path: string, options: PutOptions & FileOptions): Promise<Written> {
    return this.#observe('put_file', () => this.#store.putFile(key, path, options), options);
  }

  read(key: string, options?: ReadOptions): Promise<Readable> {
    return this.#observe('read', () => this.#store.read(key, options), options);
  }

  readToFile(key: string, path: string, options?: FileOptions): Promise<Written> {
    return this.#observe('read_to_file', () => this.#store.readToFile(key, path, options), options);
  }

  stat(key: string, options?: CallOptions): Promise<ObjectInfo | null> {
    return this.#observe('stat', () => this.#store.stat(key, options), options);
  }

  copy(from: string, to: string, options?: CallOptions): Promise<void> {
    return this.#observe('copy', () => this.#store.copy(from, to, options), options);
  }

  remove(keys: readonly string[], options?: CallOptions): Promise<void> {
    return this.#observe('remove', () => this.#store.remove(keys, options), options);
  }

  async *list(prefix: string, options?: CallOptions): AsyncIterable<ObjectInfo> {
    const tell = this.#begin('list');
    try {
      yield* this.#store.list(prefix, options);
      tell('ok');
    } catch (error) {
      tell(outcomeOf(error, options));
      throw error;
    }
  }

  removeUnfinished(before: Date, options?: CallOptions): Promise<number> {
    return this.#observe('remove', () => this.#store.removeUnfinished(before, options), options);
  }

  check(): Promise<void> {
    return this.#observe('check', () => this.#store.check());
  }

  async #observe<Result>(
    operation: Operation,
    call: () => Promise<Result>,
    options?: CallOptions,
  ): Promise<Result> {
    const tell = this.#begin(operation);
    try {
      const result = await call();
      tell('ok');
      return result;
    } catch (error) {
      tell(outcomeOf(error, options));
      throw error;
    }
  }

  #begin(operation: Operation): (outcome: StoreCall['outcome']) => void {
    const begun = performance.now();
    return (outcome) => this.#onCall({ operation, outcome, seconds: (performance.now() - begun) / 1000 });
  }
}

/** A caller that aborts gives a reason of its own, so the signal says it, not the error. */
function outcomeOf(error: unknown, options?: CallOptions): StoreCall['outcome'] {
  if (error instanceof ObjectNotFound) return 'not_found';
  return options?.signal?.aborted === true ? 'aborted' : 'error';
}
