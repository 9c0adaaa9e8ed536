import type { FileHandle } from 'node:fs/promises';

/** Writes all bytes at a position of a file; one write may take less than it is given. */
export async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const rest = bytes.subarray(written);
    const { bytesWritten } = await file.write(rest, 0, rest.length, position + written);
    written += bytesWritten;
  }
}
