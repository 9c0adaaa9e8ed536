// H.264 byte streams (Annex B) taken apart into their units (ITU-T H.264, 7.3 and B.1).

/** One NAL unit without its start code. */
export type NalUnit = Buffer;

export const nalTypes = { slice: 1, keySlice: 5, sequenceParameters: 7, pictureParameters: 8 } as const;

const parameterTypes: readonly number[] = [nalTypes.sequenceParameters, nalTypes.pictureParameters];

const startCode = Buffer.from([0, 0, 1]);
const longStartCode = Buffer.from([0, 0, 0, 1]);
/** A coded 8K picture is far smaller; a stream without start codes is not one of ours. */
const unitBytesMax = 64 * 1024 * 1024;

export function nalType(unit: NalUnit): number {
  return (unit[0] ?? 0) & 0x1f;
}

/** A coded picture, or a part of one. */
export function isSlice(unit: NalUnit): boolean {
  const type = nalType(unit);
  return type === nalTypes.slice || type === nalTypes.keySlice;
}

/** Settings that coded pictures refer to. */
export function isParameterSet(unit: NalUnit): boolean {
  return parameterTypes.includes(nalType(unit));
}

export function withStartCode(unit: NalUnit): Buffer {
  return Buffer.concat([longStartCode, unit]);
}

/** The units of a stream in order; never more than one of them is in memory, beside the chunk that is being read. */
export async function* readUnits(chunks: AsyncIterable<Buffer>): AsyncGenerator<NalUnit> {
  const unit = new UnitPieces();
  let rest: Buffer = Buffer.alloc(0);
  let isInUnit = false;
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (let at = rest.indexOf(startCode); at !== -1; at = rest.indexOf(startCode)) {
      unit.add(rest.subarray(0, at));
      const whole = unit.take();
      if (isInUnit) yield whole;
      isInUnit = true;
      rest = rest.subarray(at + startCode.length);
    }
    // The end of the chunk may be the first bytes of a start code; what stands before it is not looked at again.
    const settled = Math.max(0, rest.length - (startCode.length - 1));
    unit.add(rest.subarray(0, settled));
    rest = rest.subarray(settled);
  }
  unit.add(rest);
  if (isInUnit) yield unit.take();
}

/** A large unit comes in many chunks: put together once, at its end. */
class UnitPieces {
  private pieces: Buffer[] = [];
  private bytes = 0;

  add(piece: Buffer): void {
    this.pieces.push(piece);
    this.bytes += piece.length;
    if (this.bytes > unitBytesMax) throw new Error('A unit of the H.264 stream is larger than any picture.');
  }

  take(): NalUnit {
    const unit = trimmed(Buffer.concat(this.pieces));
    this.pieces = [];
    this.bytes = 0;
    return unit;
  }
}

/** Zeros behind a unit belong to the next start code: a unit itself never ends in one. */
function trimmed(unit: Buffer): NalUnit {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end -= 1;
  return unit.subarray(0, end);
}
