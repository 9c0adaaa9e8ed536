// Slices of H.264 with a true header and a body that says which one it is: what is looked at when pictures are repeated.
import { type NalUnit, nalTypes } from '../../ffmpeg/h264-units.ts';

export type SliceHeader = {
  readonly isKey?: boolean;
  readonly firstMacroblock?: number;
  readonly sliceType?: number;
  readonly parameterSet?: number;
  /** Bytes behind the header. */
  readonly body?: string;
};

export function sliceUnit(frameNumber: number, header: SliceHeader = {}): NalUnit {
  const { isKey, body, ...numbers } = { ...defaults, ...header };
  const { firstMacroblock, parameterSet, sliceType = isKey ? 7 : 5 } = numbers;
  const bits = [
    ...[firstMacroblock, sliceType, parameterSet].map(expGolomb),
    frameNumber.toString(2).padStart(4, '0'),
  ].join('');
  // Filled up with ones, so that no byte is zero by chance.
  const bytes = bits.padEnd(Math.ceil((bits.length + 1) / 8) * 8, '1').match(/.{8}/g) ?? [];
  const first = isKey ? 0x60 | nalTypes.keySlice : 0x40 | nalTypes.slice;
  return Buffer.concat([Buffer.from([first, ...bytes.map((byte) => parseInt(byte, 2))]), Buffer.from(body)]);
}

const defaults = { isKey: false, firstMacroblock: 0, parameterSet: 0, body: 'body' };

/** ITU-T H.264, 9.1: as many zeros as there are bits behind the first one. */
function expGolomb(value: number): string {
  const bits = (value + 1).toString(2);
  return bits.padStart(2 * bits.length - 1, '0');
}
