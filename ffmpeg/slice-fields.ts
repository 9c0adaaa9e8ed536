// The whole header of a coded slice, as far as its end: where its order of display stands, and where its data begin
// (ITU-T H.264, 7.3.2.2 and 7.3.3, without what x264 does not write).
import { BitReader, withoutPrevention } from './bits.ts';
import { UnfitStreamError } from './coded-pictures.ts';
import type { NalUnit } from './h264-units.ts';
import { type Numbering, readToOrder } from './slice-header.ts';

/** What a picture parameter set says of the headers of slices. */
export type PictureParameters = {
  /** Pictures in each list that slices refer to, where they do not say otherwise. */
  readonly references: readonly [number, number];
  /** P slices have weights for whole pictures. */
  readonly isWeighted: boolean;
  /** B slices have them written out. */
  readonly isWeightedTwice: boolean;
  readonly hasDeblocking: boolean;
};

export function readPictureParameters(unit: NalUnit): PictureParameters {
  const bits = new BitReader(withoutPrevention(unit));
  bits.readBits(8); // the unit's own header
  bits.readExpGolomb(); // pic_parameter_set_id
  bits.readExpGolomb(); // seq_parameter_set_id
  const isArithmetic = bits.readFlag(); // entropy_coding_mode_flag
  const hasFields = bits.readFlag(); // bottom_field_pic_order_in_frame_present_flag
  const sliceGroups = bits.readExpGolomb();
  if (!isArithmetic || hasFields || sliceGroups > 0) throw new UnfitStreamError('pictures of another kind');
  const references = [bits.readExpGolomb() + 1, bits.readExpGolomb() + 1] as const;
  const isWeighted = bits.readFlag();
  const isWeightedTwice = bits.readBits(2) === 1;
  for (let field = 0; field < 3; field += 1) bits.readExpGolomb(); // two quantisers, chroma's offset
  const hasDeblocking = bits.readFlag();
  bits.readBits(1); // constrained_intra_pred_flag
  if (bits.readFlag()) throw new UnfitStreamError('pictures coded twice');
  return { references, isWeighted, isWeightedTwice, hasDeblocking };
}

/** Bit positions in the slice without its bytes of prevention. */
export type SliceFields = {
  /** Of the order of display. */
  readonly orderAt: number;
  /** Behind the header's last bit; the data begin on the next whole byte. */
  readonly end: number;
};

export function findSliceFields(
  raw: Buffer,
  { frameNumberBits, orderBits }: Numbering,
  parameters: PictureParameters,
): SliceFields {
  const bits = new BitReader(raw);
  const { sliceType, isKey, isReference } = readToOrder(bits, raw, frameNumberBits);
  const orderAt = bits.position;
  bits.readBits(orderBits);
  const references = readReferences(bits, sliceType, parameters);
  skipWeights(bits, references, isWeighted(sliceType, parameters));
  if (isReference) skipMarking(bits, isKey);
  if (references.length > 0) bits.readExpGolomb(); // cabac_init_idc
  bits.readExpGolomb(); // slice_qp_delta
  if (parameters.hasDeblocking && bits.readExpGolomb() !== 1) {
    bits.readExpGolomb(); // two offsets
    bits.readExpGolomb();
  }
  return { orderAt, end: bits.position };
}

const sliceTypes = { p: 0, b: 1, i: 2 } as const;

/** How many pictures each list of the slice has: two lists, one or none. */
function readReferences(bits: BitReader, type: number, { references }: PictureParameters): readonly number[] {
  if (type === sliceTypes.i) return [];
  if (type !== sliceTypes.p && type !== sliceTypes.b) throw new UnfitStreamError('slices of another kind');
  if (type === sliceTypes.b) bits.readBits(1); // direct_spatial_mv_pred_flag
  const usual = type === sliceTypes.b ? references : references.slice(0, 1);
  const own = bits.readFlag() ? usual.map(() => bits.readExpGolomb() + 1) : usual;
  own.forEach(() => skipReordering(bits));
  return own;
}

function skipReordering(bits: BitReader): void {
  if (!bits.readFlag()) return;
  while (bits.readExpGolomb() !== 3) bits.readExpGolomb();
}

function isWeighted(type: number, parameters: PictureParameters): boolean {
  if (type === sliceTypes.p) return parameters.isWeighted;
  return type === sliceTypes.b && parameters.isWeightedTwice;
}

/** pred_weight_table. */
function skipWeights(bits: BitReader, references: readonly number[], isThere: boolean): void {
  if (!isThere) return;
  bits.readExpGolomb(); // denominators: luma, chroma
  bits.readExpGolomb();
  const pictures = references.reduce((sum, count) => sum + count, 0);
  for (let picture = 0; picture < pictures; picture += 1) {
    for (const numbers of [2, 4]) {
      if (!bits.readFlag()) continue;
      for (let index = 0; index < numbers; index += 1) bits.readExpGolomb();
    }
  }
}

/** dec_ref_pic_marking. */
function skipMarking(bits: BitReader, isKey: boolean): void {
  if (isKey) bits.readBits(2);
  else if (bits.readFlag()) throw new UnfitStreamError('references of another kind');
}
