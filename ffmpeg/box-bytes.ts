// Writes the boxes of an MP4 (ISO/IEC 14496-12, 4.2): big-endian numbers, each box with its size and type before it.

/** The most that a number of 32 bits holds. */
export const u32Max = 0xffff_ffff;

export function box(type: string, ...contents: readonly Buffer[]): Buffer {
  const size = contents.reduce((sum, { length }) => sum + length, 8);
  return Buffer.concat([u32(size), text(type), ...contents]);
}

/** With version 0 and no flags. */
export function full(type: string, ...contents: readonly Buffer[]): Buffer {
  return box(type, u32(0), ...contents);
}

/** A table with its length before it: rows of numbers of 32 bits. */
export function table(type: string, rows: number, values: readonly number[]): Buffer {
  return full(type, u32(rows), u32s(values));
}

/** The head of the box that holds the samples, with room for any size. */
export function mediaDataHead(dataBytes: number): Buffer {
  return Buffer.concat([u32(1), text('mdat'), u64(dataBytes + mediaDataHeadBytes)]);
}

export const mediaDataHeadBytes = 16;

/** Of any MP4 of ours. */
export function fileTypeBox(): Buffer {
  return box('ftyp', text('isom'), u32(0x200), text('isomiso2avc1mp41'));
}

/** What a film's header says of playing it: rate and volume 1, reserved fields, the identity matrix, reserved fields. */
export function playbackFields(): Buffer {
  return Buffer.concat([u32(0x10000), u16(0x100), zeros(10), identityMatrix(), zeros(24)]);
}

/** Leaves the picture as it is. */
export function identityMatrix(): Buffer {
  return u32s([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]);
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  return u32s([value]);
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** Throws RangeError where a value does not fit. */
export function u32s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

export function zeros(count: number): Buffer {
  return Buffer.alloc(count);
}

export function text(value: string): Buffer {
  return Buffer.from(value, 'latin1');
}
