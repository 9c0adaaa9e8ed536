// Two B-frames in a row under the settings of one, so that clips of both kinds join.
import { BitReader, copyBits, withoutPrevention, withPrevention, writeBits } from './bits.ts';
import { type CodedPicture, type CodingSettings, UnfitStreamError } from './coded-pictures.ts';
import { isSlice, type NalUnit, nalType, nalTypes } from './h264-units.ts';
import { findSliceFields, type PictureParameters, readPictureParameters } from './slice-fields.ts';
import { type Numbering, readNumbering, skipToNumbering } from './slice-header.ts';

/**
 * Bits in which x264 writes the order of display where one B-frame stands in a row at most. With two it takes a fifth that is
 * not needed: at two steps a picture reference pictures are 6 apart, and differences below 8 can be told in 4 bits
 * (ITU-T H.264, 8.2.1.1).
 */
const narrowBits = 4;

/**
 * The same pictures, their order of display written in 4 bits; a stream that takes no more passes as it is. Throws
 * UnfitStreamError for what our encoder does not write.
 */
export async function* narrowOrder(pictures: AsyncIterable<CodedPicture>): AsyncGenerator<CodedPicture> {
  let narrowing: Narrowing | null = null;
  for await (const picture of pictures) {
    if (picture.settings !== narrowing?.from) narrowing = narrowingOf(picture.settings);
    yield narrowing.to === null ? picture : narrowed(picture, narrowing.from, narrowing.to);
  }
}

type Narrowing = {
  readonly from: CodingSettings;
  /** Null where nothing is to be done. */
  readonly to: NarrowSettings | null;
};

type NarrowSettings = { readonly settings: CodingSettings; readonly pictureParameters: PictureParameters };

function narrowingOf(from: CodingSettings): Narrowing {
  const { parameterSets, numbering } = from;
  if (numbering.orderBits <= narrowBits) return { from, to: null };
  const pictureParameters = readPictureParameters(only(parameterSets, nalTypes.pictureParameters));
  const sequence = only(parameterSets, nalTypes.sequenceParameters);
  const narrow = narrowedParameters(sequence);
  const settings = {
    parameterSets: parameterSets.map((unit) => (unit === sequence ? narrow : unit)),
    numbering: readNumbering(narrow),
  };
  return { from, to: { settings, pictureParameters } };
}

function only(units: readonly NalUnit[], type: number): NalUnit {
  const [found, ...others] = units.filter((unit) => nalType(unit) === type);
  if (found === undefined || others.length > 0) throw new UnfitStreamError('settings in pieces');
  return found;
}

/** With 0 for log2_max_pic_order_cnt_lsb_minus4: one bit, a one. */
function narrowedParameters(unit: NalUnit): NalUnit {
  const raw = withoutPrevention(unit);
  const bits = new BitReader(raw);
  skipToNumbering(bits);
  bits.readExpGolomb(); // log2_max_frame_num_minus4
  bits.readExpGolomb(); // pic_order_cnt_type
  const fieldAt = bits.position;
  bits.readExpGolomb();
  const rest = { bytes: raw, from: bits.position, to: endOf(raw) };
  const result = Buffer.alloc(Math.ceil((fieldAt + 1 + rest.to - rest.from) / 8));
  copyBits({ bytes: raw, from: 0, to: fieldAt }, result, 0);
  writeBits(result, { at: fieldAt, count: 1, value: 1 });
  copyBits(rest, result, fieldAt + 1);
  return withPrevention(result);
}

/** Behind the last bit that is set: rbsp_stop_one_bit. */
function endOf(raw: Buffer): number {
  let end = raw.length * 8;
  while (end > 0 && (((raw[(end - 1) >> 3] ?? 0) >> (7 - ((end - 1) & 7))) & 1) === 0) end -= 1;
  return end;
}

function narrowed(
  picture: CodedPicture,
  from: CodingSettings,
  { settings, pictureParameters }: NarrowSettings,
): CodedPicture {
  const units = picture.units.map((unit) =>
    isSlice(unit) ? narrowedSlice(unit, from.numbering, pictureParameters) : unit,
  );
  const header = { ...picture.header, order: picture.header.order % 2 ** narrowBits };
  return { units, header, settings };
}

/** Only the header's bits move: the data begin on a whole byte, before as after. */
function narrowedSlice(slice: NalUnit, numbering: Numbering, parameters: PictureParameters): NalUnit {
  const raw = withoutPrevention(slice);
  const { orderAt, end } = findSliceFields(raw, numbering, parameters);
  const cut = numbering.orderBits - narrowBits;
  // Filled up to a whole byte with ones (cabac_alignment_one_bit).
  const head = Buffer.alloc(Math.ceil((end - cut) / 8), 0xff);
  copyBits({ bytes: raw, from: 0, to: orderAt }, head, 0);
  copyBits({ bytes: raw, from: orderAt + cut, to: end }, head, orderAt);
  return withPrevention(Buffer.concat([head, raw.subarray(Math.ceil(end / 8))]));
}
