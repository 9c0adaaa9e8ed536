// The boxes of an MP4 of pictures alone (ISO/IEC 14496-12 and -15): what a clip's pictures are and where they lie.
import { timescaleOf } from '../plan-compiler/frame-time.ts';
import type { FrameRate } from '../plan-compiler/render-plan.ts';
import {
  box,
  full,
  identityMatrix,
  playbackFields,
  table,
  text,
  u16,
  u32,
  u32s,
  zeros,
} from './box-bytes.ts';
import { type NalUnit, nalType, nalTypes } from './h264-units.ts';
import { rowsOf, runsOf } from './run-lengths.ts';
import { profilesWithChroma } from './slice-header.ts';

export type ClipFormat = { readonly width: number; readonly height: number; readonly fps: FrameRate };

/** One coded picture in the file. */
export type ClipSample = {
  readonly bytes: number;
  readonly isKey: boolean;
  /** Frames from when it is decoded to when it is shown; all are decoded one frame before the first is shown. */
  readonly delay: number;
};

export type ClipIndex = {
  readonly format: ClipFormat;
  readonly parameterSets: readonly NalUnit[];
  readonly samples: readonly ClipSample[];
  /** Where the first sample lies in the file; the others follow it. */
  readonly offset: number;
};

/** The length of each unit stands before it in so many bytes. */
export const unitLengthBytes = 4;

/** The whole index. Throws RangeError for a clip of more ticks than 32 bits hold (39 hours at 30,000 ticks). */
export function movieBox(clip: ClipIndex): Buffer {
  const timescale = timescaleOf(clip.format.fps);
  const ticks = (timescale * clip.format.fps.den) / clip.format.fps.num;
  const duration = ticks * clip.samples.length;
  const header = full('mvhd', ...[u32(0), u32(0), u32(timescale), u32(duration)], playbackFields(), u32(2));
  return box('moov', header, trackBox(clip, { timescale, ticks, duration }));
}

type Times = { readonly timescale: number; readonly ticks: number; readonly duration: number };

function trackBox(clip: ClipIndex, times: Times): Buffer {
  const { width, height } = clip.format;
  // Flags 3: the track is on and part of the film.
  const header = box(
    'tkhd',
    ...[u32(3), u32(0), u32(0), u32(1), u32(0), u32(times.duration), zeros(16), identityMatrix()],
    ...[u32(width * 0x10000), u32(height * 0x10000)],
  );
  // Shown from the moment on at which the first picture is: all are decoded one frame earlier.
  const edit = full('elst', u32(1), u32(times.duration), u32(times.ticks), u32(0x10000));
  return box('trak', header, box('edts', edit), mediaBox(clip, times));
}

function mediaBox(clip: ClipIndex, { timescale, duration, ticks }: Times): Buffer {
  const undetermined = 0x55c4; // "und", five bits a letter
  const header = full('mdhd', u32(0), u32(0), u32(timescale), u32(duration), u16(undetermined), u16(0));
  const handler = full('hdlr', u32(0), text('vide'), zeros(12), text('VideoHandler\0'));
  const videoHeader = box('vmhd', u32(1), zeros(8));
  // Flags 1: the data lie in this file.
  const source = box('dinf', full('dref', u32(1), box('url ', u32(1))));
  return box('mdia', header, handler, box('minf', videoHeader, source, sampleTable(clip, ticks)));
}

function sampleTable({ format, parameterSets, samples, offset }: ClipIndex, ticks: number): Buffer {
  const keys = samples.flatMap(({ isKey }, index) => (isKey ? [index + 1] : []));
  const delays = runsOf(samples.map(({ delay }) => delay * ticks));
  return box(
    'stbl',
    full('stsd', u32(1), sampleEntry(format, parameterSets)),
    table('stts', 1, [samples.length, ticks]),
    table('ctts', delays.length, rowsOf(delays)),
    table('stss', keys.length, keys),
    // One chunk holds all samples.
    table('stsc', 1, [1, samples.length, 1]),
    full('stsz', u32(0), u32(samples.length), u32s(samples.map(({ bytes }) => bytes))),
    table('stco', 1, [offset]),
  );
}

function sampleEntry({ width, height }: ClipFormat, parameterSets: readonly NalUnit[]): Buffer {
  const dotsPerInch = u32(72 * 0x10000);
  return box(
    'avc1',
    // The first reference of dref; 24 bits of colour, no palette.
    ...[zeros(6), u16(1), zeros(16), u16(width), u16(height), dotsPerInch, dotsPerInch],
    ...[zeros(4), u16(1), zeros(32), u16(24), u16(0xffff)],
    decoderConfiguration(parameterSets),
    // BT.709 in all three, limited range: as `streamOptions` says it.
    box('colr', text('nclx'), u16(1), u16(1), u16(1), Buffer.from([0])),
    box('pasp', u32(1), u32(1)),
  );
}

/** ISO/IEC 14496-15, 5.3.3.1. */
function decoderConfiguration(parameterSets: readonly NalUnit[]): Buffer {
  const sequence = parameterSets.filter((unit) => nalType(unit) === nalTypes.sequenceParameters);
  const picture = parameterSets.filter((unit) => nalType(unit) === nalTypes.pictureParameters);
  const [profile = 0, constraints = 0, level = 0] = sequence[0]?.subarray(1) ?? [];
  const head = [1, profile, constraints, level, 0xfc | (unitLengthBytes - 1), 0xe0 | sequence.length];
  return box(
    'avcC',
    Buffer.from(head),
    ...sequence.flatMap((unit) => [u16(unit.length), unit]),
    Buffer.from([picture.length]),
    ...picture.flatMap((unit) => [u16(unit.length), unit]),
    // 4:2:0, 8 bits, no extensions.
    profilesWithChroma.includes(profile) ? Buffer.from([0xfd, 0xf8, 0xf8, 0]) : Buffer.alloc(0),
  );
}
