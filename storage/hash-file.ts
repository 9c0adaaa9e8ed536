import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Written } from './object-store.ts';

export type MeasureOptions = {
  /** Called with the bytes read so far. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
};

/** Read at once: pieces of 64 KiB, which is the default, take twice as long to hash (measured: 55 MB in 90 and 45 ms). */
export const readBytes = 256 * 1024;

/** Length and SHA-256 of a file, read bit by bit into one buffer: a stream makes a new one each time, and 40 % more work. */
export async function measureFile(
  path: string,
  { onProgress, signal }: MeasureOptions = {},
): Promise<Written> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(readBytes);
  const file = await open(path, 'r');
  try {
    for (let bytes = 0; ; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, buffer.length, bytes);
      if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
      hash.update(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
      onProgress?.(bytes);
    }
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file in lower-case hex. */
export async function hashFile(path: string): Promise<string> {
  return (await measureFile(path)).sha256;
}
