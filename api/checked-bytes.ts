import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';

/**
 * Lets bytes through whose hash is known. The last piece is held back until all of them are known to be right: what is wrong
 * ends with the error given and never looks whole, and where it is a single piece nothing of it goes out.
 */
export class CheckedBytes extends Transform {
  readonly #hash = createHash('sha256');
  readonly #sha256: string;
  readonly #fault: () => Error;
  #held: Buffer | null = null;

  constructor(sha256: string, fault: () => Error) {
    super();
    this.#sha256 = sha256;
    this.#fault = fault;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    if (this.#held !== null) this.push(this.#held);
    this.#held = chunk;
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#hash.digest('hex') !== this.#sha256) done(this.#fault());
    else done(null, this.#held);
  }
}
