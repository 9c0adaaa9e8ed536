import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import type { Written } from './object-store.ts';

/** Lets bytes through, counting and hashing them. */
export class Meter extends Transform {
  readonly #hash = createHash('sha256');
  readonly #onProgress: ((bytes: number) => void) | null;
  #bytes = 0;

  constructor(onProgress: ((bytes: number) => void) | null = null) {
    super();
    this.#onProgress = onProgress;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    this.#onProgress?.(this.#bytes);
    done(null, chunk);
  }

  /** To be asked once, when all has gone through. */
  written(): Written {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}
