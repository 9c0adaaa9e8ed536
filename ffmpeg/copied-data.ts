// Puts pieces of several files one behind the other into a file, through one buffer of a fixed size.
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Piece } from './film-track.ts';
import { UnreadableFileError } from './read-boxes.ts';
import { writeAll } from './write-all.ts';

const bufferBytes = 1024 * 1024;

export class CopiedData {
  readonly #file: FileHandle;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #position: number;
  #filled = 0;
  /** The file that each reader has open: pieces of one file mostly follow each other. */
  readonly #open = new Map<object, { readonly path: string; readonly file: FileHandle }>();

  /** Writes from a position on; the file stays the caller's. */
  constructor(file: FileHandle, position: number) {
    this.#file = file;
    this.#position = position;
  }

  /** A reader keeps one file open at a time. Throws UnreadableFileError where the file ends within the piece. */
  async copy(piece: Piece, reader: object): Promise<void> {
    const source = await this.#source(piece.path, reader);
    let copied = 0;
    while (copied < piece.bytes) {
      const bytes = Math.min(piece.bytes - copied, bufferBytes - this.#filled);
      const { bytesRead } = await source.read(this.#buffer, this.#filled, bytes, piece.position + copied);
      if (bytesRead === 0)
        throw new UnreadableFileError(`${basename(piece.path)} ends before its samples do`);
      this.#filled += bytesRead;
      copied += bytesRead;
      if (this.#filled === bufferBytes) await this.flush();
    }
  }

  async flush(): Promise<void> {
    await writeAll(this.#file, this.#buffer.subarray(0, this.#filled), this.#position);
    this.#position += this.#filled;
    this.#filled = 0;
  }

  /** Closes what it reads from. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ file }) => file.close()));
    this.#open.clear();
  }

  async #source(path: string, reader: object): Promise<FileHandle> {
    const current = this.#open.get(reader);
    if (current?.path === path) return current.file;
    await current?.file.close();
    this.#open.delete(reader);
    const file = await open(path);
    this.#open.set(reader, { path, file });
    return file;
  }
}
