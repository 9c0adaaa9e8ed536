// The first fields of a coded picture's header: which picture it is among the others (ITU-T H.264, 7.3.3).
import { BitReader, withoutPrevention, withPrevention, writeBits } from './bits.ts';
import { type NalUnit, nalType, nalTypes } from './h264-units.ts';

/** How many bits the numbers of a stream's pictures have (clause 7.3.2.1.1). */
export type Numbering = {
  /** `frame_num` counts reference pictures. */
  readonly frameNumberBits: number;
  /** `pic_order_cnt_lsb` counts the order of display, two steps a picture; 0 where pictures are shown as they are coded. */
  readonly orderBits: number;
};

/** What tells a picture from its neighbours. */
export type PictureNumbers = {
  /** Modulo 2 to the power of `frameNumberBits`. */
  readonly frameNumber: number;
  /** The place in the order of display since the key frame, times two, modulo 2 to the power of `orderBits`. */
  readonly order: number;
};

export type SliceHeader = PictureNumbers & {
  /** An IDR picture: nothing behind it refers to anything before it. */
  readonly isKey: boolean;
  /** Whether other pictures may be coded from it. */
  readonly isReference: boolean;
  readonly firstMacroblock: number;
};

/** Profiles that say their chroma format too (7.3.2.1.1), of those that x264 makes. */
export const profilesWithChroma: readonly number[] = [100, 110, 122, 244];

/** From a sequence parameter set. */
export function readNumbering(unit: NalUnit): Numbering {
  const bits = new BitReader(withoutPrevention(unit));
  skipToNumbering(bits);
  const frameNumberBits = bits.readExpGolomb() + 4;
  const hasOrder = bits.readExpGolomb() === 0; // pic_order_cnt_type
  return { frameNumberBits, orderBits: hasOrder ? bits.readExpGolomb() + 4 : 0 };
}

/** To `log2_max_frame_num_minus4` of a sequence parameter set. */
export function skipToNumbering(bits: BitReader): void {
  bits.readBits(8); // the unit's own header
  const profile = bits.readBits(8);
  bits.readBits(16); // constraints and level
  bits.readExpGolomb(); // seq_parameter_set_id
  if (!profilesWithChroma.includes(profile)) return;
  for (let field = 0; field < 3; field += 1) bits.readExpGolomb(); // chroma format, two bit depths
  bits.readBits(2); // lossless bypass, no scaling matrix
}

/** Throws where the unit ends within its header. */
export function readSliceHeader(slice: NalUnit, { frameNumberBits, orderBits }: Numbering): SliceHeader {
  const bits = new BitReader(withoutPrevention(slice.subarray(0, headerBytesMax)));
  const { isKey, isReference, firstMacroblock, frameNumber } = readToOrder(bits, slice, frameNumberBits);
  return { isKey, isReference, firstMacroblock, frameNumber, order: bits.readBits(orderBits) };
}

type HeaderStart = Omit<SliceHeader, 'order'> & BeforeNumbers;

/** What stands before the order of display, at which the reader is then. */
export function readToOrder(bits: BitReader, slice: NalUnit, frameNumberBits: number): HeaderStart {
  const isKey = nalType(slice) === nalTypes.keySlice;
  const isReference = ((slice[0] ?? 0) & 0x60) !== 0;
  const start = readBeforeNumbers(bits);
  const frameNumber = bits.readBits(frameNumberBits);
  if (isKey) bits.readExpGolomb(); // idr_pic_id
  return { ...start, isKey, isReference, frameNumber };
}

/** The same picture under other numbers; for slices that are no key frame's. */
export function withNumbers(
  slice: NalUnit,
  { frameNumber, order }: PictureNumbers,
  { frameNumberBits, orderBits }: Numbering,
): NalUnit {
  const raw = withoutPrevention(slice);
  const bits = new BitReader(raw);
  readBeforeNumbers(bits);
  const value = frameNumber * 2 ** orderBits + order;
  writeBits(raw, { at: bits.position, count: frameNumberBits + orderBits, value });
  return withPrevention(raw);
}

/** The numbers so many pictures later, where each is a reference picture and shown when it is coded. */
export function numbersAfter(
  { frameNumber, order }: PictureNumbers,
  pictures: number,
  { frameNumberBits, orderBits }: Numbering,
): PictureNumbers {
  return {
    frameNumber: (frameNumber + pictures) % 2 ** frameNumberBits,
    order: (order + 2 * pictures) % 2 ** orderBits,
  };
}

type BeforeNumbers = {
  readonly firstMacroblock: number;
  /** slice_type modulo 5 (table 7-6). */
  readonly sliceType: number;
};

/** first_mb_in_slice, slice_type and pic_parameter_set_id stand before the numbers. */
function readBeforeNumbers(bits: BitReader): BeforeNumbers {
  bits.readBits(8); // the unit's own header
  const firstMacroblock = bits.readExpGolomb();
  const sliceType = bits.readExpGolomb() % 5;
  bits.readExpGolomb();
  return { firstMacroblock, sliceType };
}

/** Far more than the fields that are read take up. */
const headerBytesMax = 32;
