import { Transform, type TransformCallback } from 'node:stream';
import { RenderError } from '../contract/errors.ts';
import { BodyTooSlow } from './body-deadline.ts';

/** An upload from which nothing comes for so long is given up. */
const IDLE_MS_MAX = 60_000;

/** Lets an upload through while it is within its bounds of size and patience; else fails with the reason. */
export class UploadBody extends Transform {
  readonly #bytesMax: number;
  readonly #idle: NodeJS.Timeout;
  #bytes = 0;

  constructor(bytesMax: number) {
    super();
    this.#bytesMax = bytesMax;
    const stalled = `Nothing of the upload came for ${IDLE_MS_MAX / 1000} s.`;
    this.#idle = setTimeout(() => this.destroy(new BodyTooSlow(stalled)), IDLE_MS_MAX);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#idle.refresh();
    this.#bytes += chunk.length;
    if (this.#bytes > this.#bytesMax) done(uploadTooLarge(this.#bytesMax));
    else done(null, chunk);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#idle);
    done(error);
  }
}

export function uploadTooLarge(bytesMax: number): RenderError {
  return new RenderError('PAYLOAD_TOO_LARGE', `An upload may have at most ${bytesMax} bytes.`);
}

/** The sender went away. */
export class UploadCut extends Error {
  override readonly name = 'UploadCut';
}
