// Streams of H.264 with true headers and bodies that say which picture it is: what is looked at when pictures are repeated.
import { type NalUnit, nalTypes } from '../../ffmpeg/h264-units.ts';
import type { PictureNumbers } from '../../ffmpeg/slice-header.ts';

/** Of x264 for 64 × 36 with a B-frame: four bits for frame numbers, four for the order. */
export const parameterUnits: readonly NalUnit[] = [
  Buffer.from('6764000aacec47f9f016a0202028000003000800000301e0789129c0', 'hex'),
  Buffer.from('68ef8fcb', 'hex'),
];
export const numbering = { frameNumberBits: 4, orderBits: 4 };

export type SliceLook = {
  readonly isKey?: boolean;
  readonly isReference?: boolean;
  readonly firstMacroblock?: number;
  readonly sliceType?: number;
  readonly parameterSet?: number;
  /** Bytes behind the header. */
  readonly body?: string;
};

export function sliceUnit({ frameNumber, order }: PictureNumbers, look: SliceLook = {}): NalUnit {
  const { isKey, isReference, body, ...numbers } = { ...defaults, ...look };
  const { firstMacroblock, parameterSet, sliceType = isKey ? 7 : 5 } = numbers;
  const bits = [
    ...[firstMacroblock, sliceType, parameterSet].map(expGolomb),
    frameNumber.toString(2).padStart(4, '0'),
    ...(isKey ? [expGolomb(0)] : []),
    order.toString(2).padStart(4, '0'),
  ].join('');
  // Filled up with ones, so that no byte is zero by chance.
  const bytes = bits.padEnd(Math.ceil((bits.length + 1) / 8) * 8, '1').match(/.{8}/g) ?? [];
  const first = (isReference ? 0x40 : 0) | (isKey ? nalTypes.keySlice : nalTypes.slice);
  return Buffer.concat([Buffer.from([first, ...bytes.map((byte) => parseInt(byte, 2))]), Buffer.from(body)]);
}

const defaults = {
  isKey: false,
  isReference: true,
  firstMacroblock: 0,
  parameterSet: 0,
  body: 'body',
};

/** ITU-T H.264, 9.1: as many zeros as there are bits behind the first one. */
function expGolomb(value: number): string {
  const bits = (value + 1).toString(2);
  return bits.padStart(2 * bits.length - 1, '0');
}

export type StreamLook = {
  /** Beside the first, by place in the order of display. */
  readonly keyFrames?: readonly number[];
  /** Whether every second picture of a group is a B-frame, but for its last. */
  readonly hasBFrames?: boolean;
};

/** What an encoder writes: parameters before each key frame; bodies say "picture 0", "picture 1" as they are shown. */
export function encodedUnits(
  frames: number,
  { keyFrames = [], hasBFrames = false }: StreamLook = {},
): NalUnit[] {
  const starts = [0, ...keyFrames.filter((at) => at > 0 && at < frames)];
  return starts.flatMap((start, index) => groupUnits(start, starts[index + 1] ?? frames, hasBFrames));
}

function groupUnits(start: number, end: number, hasBFrames: boolean): NalUnit[] {
  const units: NalUnit[] = [...parameterUnits];
  let references = 0;
  const add = (at: number, isReference: boolean): void => {
    const numbers = { frameNumber: references % 16, order: (2 * (at - start)) % 16 };
    units.push(sliceUnit(numbers, { isKey: at === start, isReference, body: `picture ${at}` }));
    if (isReference) references += 1;
  };
  add(start, true);
  for (let at = start + 1; at < end; at += 1) {
    const hasPair = hasBFrames && at + 1 < end;
    if (hasPair) {
      add(at + 1, true);
      add(at, false);
      at += 1;
    } else add(at, true);
  }
  return units;
}
