// Finds uploads that were cut off: their header promises more than the file holds, and FFmpeg renders them without a word.
import { RenderError } from '../contract/errors.ts';
import type { PacketCounts, PacketSpan } from './packet-counts.ts';
import { type MediaFields, type MediaReport, numberOf, secondsPerTick } from './read-media.ts';
import type { FileBytes } from './riff-bytes.ts';

export type CountedFile = {
  readonly report: MediaReport;
  readonly counts: PacketCounts;
  readonly demuxer: string;
  /** Of a WAV file whose header says; else null. */
  readonly bytes: FileBytes | null;
  /** The file in error texts. */
  readonly what: string;
};

/** Containers whose headers state a length that FFprobe tells; of the others it only guesses one from the bit rate. */
const containersWithLength: readonly string[] = ['mov', 'matroska', 'wav', 'flac'];

/** Encoders and edit lists leave the end open by less than this. */
const shareMissingMax = 0.05;
const secondsMissingMax = 0.25;

/** Throws ASSET_INVALID naming what was promised and what is there. */
export function refuseTruncated(file: CountedFile): void {
  const { report, counts, demuxer, bytes, what } = file;
  if (!containersWithLength.includes(demuxer)) return;
  const media = report.streams.filter((stream) => /^(video|audio)$/.test(stream.codec_type ?? ''));
  const real = media.filter((stream) => !stream['disposition:attached_pic']?.startsWith('1'));
  for (const stream of real) {
    const found = lengthSeconds(stream, counts.of(numberOf(stream, 'index')));
    const packets = counts.of(numberOf(stream, 'index')).packets;
    refuseShort({ promised: numberOf(stream, 'duration'), found, packets, header: stream.nb_frames, what });
  }
  // Matroska's header knows the length of the longest stream only, WAV's that of the file.
  const ends = real.map((stream) => lengthSeconds(stream, counts.of(numberOf(stream, 'index'))));
  const packets = Math.max(0, ...real.map((stream) => counts.of(numberOf(stream, 'index')).packets));
  const found = Math.max(0, ...ends);
  const whole = bytes === null ? 0 : (found * bytes.promised) / bytes.there;
  const promised = demuxer === 'matroska' ? numberOf(report.format, 'duration') : whole;
  refuseShort({ promised, found, packets, header: undefined, what });
}

type Lengths = {
  readonly promised: number;
  readonly found: number;
  readonly packets: number;
  /** The number of packets that the header promises, where it does. */
  readonly header: string | undefined;
  readonly what: string;
};

function refuseShort({ promised, found, packets, header, what }: Lengths): void {
  if (found >= promised * (1 - shareMissingMax) - secondsMissingMax) return;
  const promisedPackets = header ?? `about ${found > 0 ? Math.round((packets * promised) / found) : '?'}`;
  throw new RenderError(
    'ASSET_INVALID',
    `${what} is cut off: its header promises ${promisedPackets} packets (${promised.toFixed(2)} s), ` +
      `it holds ${packets} (${found.toFixed(2)} s).`,
    { hint: 'The upload or the download before it was not complete; upload the file again.' },
  );
}

function lengthSeconds(stream: MediaFields, span: PacketSpan): number {
  if (span.end === null) return 0;
  return (span.end - Math.max(0, span.first ?? 0)) * secondsPerTick(stream);
}
