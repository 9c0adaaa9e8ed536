// Reads the boxes of an MP4 (ISO/IEC 14496-12, 4.2) of ours: never its samples, only what is said of them.
import type { FileHandle } from 'node:fs/promises';

/** The file is not what one of ours is: cut off, or made by another program. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/** The file is whole, but not what was planned: reading it again would not help. */
export class UnfitFileError extends UnreadableFileError {}

export type Box = {
  readonly type: string;
  /** All of it, with its size and type. */
  readonly whole: Buffer;
  readonly contents: Buffer;
};

/** The index of a film of ten hours takes 12 MB. */
const indexBytesMax = 256 * 1024 * 1024;

const headBytes = 8;
const longHeadBytes = 16;

/** The contents of the `moov` box. Every box up to it, and it too, must lie wholly in the file. */
export async function readMovieBox(file: FileHandle): Promise<Buffer> {
  const { size: fileBytes } = await file.stat();
  let position = 0;
  let movie: Buffer | null = null;
  while (position < fileBytes) {
    const head = await readHead(file, position);
    if (head.bytes < headBytes || position + head.bytes > fileBytes)
      throw new UnreadableFileError(`its box "${head.type}" is cut off`);
    if (head.type === 'moov') movie = await readBytes(file, position + headBytes, head.bytes - headBytes);
    position += head.bytes;
  }
  if (movie === null) throw new UnreadableFileError('it has no index');
  return movie;
}

async function readHead(
  file: FileHandle,
  position: number,
): Promise<{ readonly type: string; readonly bytes: number }> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(longHeadBytes), 0, longHeadBytes, position);
  if (bytesRead < headBytes) throw new UnreadableFileError('its last box is cut off');
  const size = buffer.readUInt32BE(0);
  return { type: typeOf(buffer), bytes: size === 1 ? Number(buffer.readBigUInt64BE(headBytes)) : size };
}

async function readBytes(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  if (bytes > indexBytesMax) throw new UnreadableFileError(`its index takes ${bytes} bytes`);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
  if (bytesRead < bytes) throw new UnreadableFileError('its index is cut off');
  return buffer;
}

/** The boxes that lie in another one. */
export function boxesIn(contents: Buffer): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + headBytes <= contents.length; ) {
    const bytes = contents.readUInt32BE(at);
    if (bytes < headBytes || at + bytes > contents.length)
      throw new UnreadableFileError('a box in its index is cut off');
    const whole = contents.subarray(at, at + bytes);
    boxes.push({ type: typeOf(whole), whole, contents: whole.subarray(headBytes) });
    at += bytes;
  }
  return boxes;
}

/** The one box of a type, however deep: the path names the boxes around it. */
export function boxAt(contents: Buffer, ...path: readonly string[]): Box {
  const [type = '', ...rest] = path;
  const found = boxesIn(contents).filter((box) => box.type === type);
  const [box] = found;
  if (box === undefined || found.length > 1)
    throw new UnreadableFileError(`its index has ${found.length} boxes "${type}"`);
  return rest.length === 0 ? box : boxAt(box.contents, ...rest);
}

function typeOf(bytes: Buffer): string {
  return bytes.toString('latin1', 4, 8);
}
