// Single bits of H.264 units: their headers do not keep to bytes.
import type { NalUnit } from './h264-units.ts';

/** What stands behind two zeros lest they look like a start code (ITU-T H.264, 7.3.1). */
const preventionByte = 3;
const zeros = Buffer.from([0, 0]);

/** Without the bytes of prevention; always a copy. */
export function withoutPrevention(unit: Buffer): Buffer {
  const raw = Buffer.alloc(unit.length);
  let length = 0;
  let from = 0;
  for (let at = unit.indexOf(zeros); at !== -1; at = unit.indexOf(zeros, at)) {
    at += zeros.length;
    if (unit[at] !== preventionByte) {
      at -= 1; // the second zero may be the first of two
      continue;
    }
    length += unit.copy(raw, length, from, at);
    from = at + 1;
    at = from;
  }
  length += unit.copy(raw, length, from);
  return raw.subarray(0, length);
}

export function withPrevention(raw: Buffer): NalUnit {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = raw.indexOf(zeros); at !== -1; at = raw.indexOf(zeros, at)) {
    at += zeros.length;
    const next = raw[at];
    if (next === undefined || next > preventionByte) {
      at -= 1;
      continue;
    }
    pieces.push(raw.subarray(from, at), Buffer.from([preventionByte]));
    from = at;
  }
  return Buffer.concat([...pieces, raw.subarray(from)]);
}

/** Reads from the most significant bit on. Throws where the bytes end. */
export class BitReader {
  position = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  readBits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) value = value * 2 + this.readBit();
    return value;
  }

  readFlag(): boolean {
    return this.readBit() === 1;
  }

  /** Unsigned, as in clause 9.1; a signed number takes up the same bits. */
  readExpGolomb(): number {
    let leading = 0;
    while (this.readBit() === 0) {
      leading += 1;
      if (leading > 31) throw new Error('The header of an H.264 slice cannot be read.');
    }
    return 2 ** leading - 1 + this.readBits(leading);
  }

  private readBit(): number {
    const byte = this.bytes[this.position >> 3];
    if (byte === undefined) throw new Error('An H.264 slice ends within its header.');
    const bit = (byte >> (7 - (this.position & 7))) & 1;
    this.position += 1;
    return bit;
  }
}

type BitField = { readonly at: number; readonly count: number; readonly value: number };

export function writeBits(bytes: Buffer, { at, count, value }: BitField): void {
  for (let index = 0; index < count; index += 1) {
    const bit = (value >> (count - 1 - index)) & 1;
    const position = at + index;
    const mask = 0x80 >> (position & 7);
    const byte = bytes[position >> 3] ?? 0;
    bytes[position >> 3] = bit === 1 ? byte | mask : byte & ~mask;
  }
}

type BitRange = { readonly bytes: Buffer; readonly from: number; readonly to: number };

export function copyBits({ bytes, from, to }: BitRange, target: Buffer, at: number): void {
  const bits = new BitReader(bytes);
  bits.position = from;
  for (let index = 0; index < to - from; index += 1) {
    writeBits(target, { at: at + index, count: 1, value: bits.readBits(1) });
  }
}
