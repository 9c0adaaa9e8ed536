// Decides by a file's first bytes how FFmpeg must read it, or that it must not; names and claimed types count for nothing.
import { open } from 'node:fs/promises';
import { RenderError } from '../contract/errors.ts';
import { nameContent } from './name-content.ts';
import type { AllowedDemuxer } from './user-input.ts';

/** How much of the file is looked at. */
const headBytes = 4_096;

const advice = 'Upload MP4, MOV, WebM, MKV, MP3, WAV, FLAC, OGG, AAC, PNG, JPEG, WebP or GIF.';

/** The demuxer for an uploaded file. Throws ASSET_INVALID saying what the file seems to be. */
export async function sniffFile(path: string, what: string): Promise<AllowedDemuxer> {
  const file = await open(path, 'r');
  try {
    const head = await readAt(file, 0);
    const tagBytes = id3Bytes(head);
    // Tags come first and may hold pictures of any size; what follows them decides.
    const body = tagBytes === null ? head : await readAt(file, tagBytes);
    const demuxer = sniffBytes(body) ?? (tagBytes === null ? null : 'mp3');
    if (demuxer !== null) return demuxer;
    throw new RenderError(
      'ASSET_INVALID',
      `${what} is not a media file: it seems to be ${nameContent(body)}.`,
      {
        hint: advice,
      },
    );
  } finally {
    await file.close();
  }
}

/** The demuxer that these first bytes ask for; null where none is allowed. */
export function sniffBytes(head: Buffer): AllowedDemuxer | null {
  return signatures.find(({ matches }) => matches(head))?.demuxer ?? null;
}

type Signature = { readonly demuxer: AllowedDemuxer; readonly matches: (head: Buffer) => boolean };

const signatures: readonly Signature[] = [
  { demuxer: 'mov', matches: isMov },
  { demuxer: 'matroska', matches: startsWith('\x1a\x45\xdf\xa3') },
  { demuxer: 'png_pipe', matches: startsWith('\x89PNG\r\n\x1a\n') },
  { demuxer: 'jpeg_pipe', matches: startsWith('\xff\xd8\xff') },
  { demuxer: 'gif', matches: (head) => /^GIF8[79]a/.test(text(head, 0, 6)) },
  { demuxer: 'webp_pipe', matches: (head) => isRiff(head, 'WEBP') && !isAnimatedWebp(head) },
  { demuxer: 'wav', matches: (head) => isRiff(head, 'WAVE') },
  { demuxer: 'flac', matches: startsWith('fLaC') },
  { demuxer: 'ogg', matches: startsWith('OggS') },
  { demuxer: 'aac', matches: (head) => isMpegSound(head, 0) },
  { demuxer: 'mp3', matches: (head) => isMpegSound(head, 1) || isMpegSound(head, 2) },
];

/** Brands of still pictures in the same container; FFmpeg 5.1 cannot read them. */
const pictureBrands = /^(heic|heix|hevc|heim|heis|mif1|msf1|avif|avis|crx )$/;

function isMov(head: Buffer): boolean {
  const box = text(head, 4, 8);
  if (box === 'ftyp') return !pictureBrands.test(text(head, 8, 12));
  return /^(moov|mdat|wide|free|skip)$/.test(box);
}

function isRiff(head: Buffer, form: string): boolean {
  return /^(RIFF|RF64)$/.test(text(head, 0, 4)) && text(head, 8, 12) === form;
}

/** FFmpeg 5.1 shows nothing of an animated WebP; newer ones its first picture. */
function isAnimatedWebp(head: Buffer): boolean {
  const animationFlag = 0x02;
  return text(head, 12, 16) === 'VP8X' && ((head[20] ?? 0) & animationFlag) !== 0;
}

/** A frame header of MPEG sound: eleven ones, then the layer, where 0 is ADTS (AAC), 1 is layer III and 2 layer II. */
function isMpegSound(head: Buffer, layer: 0 | 1 | 2): boolean {
  if (head.length < 4) return false;
  const header = head.readUInt32BE(0);
  const hasSync = header >>> 21 === 0x7ff && ((header >>> 17) & 3) === layer;
  if (layer === 0) return hasSync && header >>> 20 === 0xfff;
  const [version, bitRate, sampleRate] = [(header >>> 19) & 3, (header >>> 12) & 15, (header >>> 10) & 3];
  const isReserved = version === 1 || bitRate === 15 || sampleRate === 3;
  return hasSync && !isReserved;
}

/** Where the sound begins after an ID3 tag; null where there is none. Its length has seven bits a byte. */
function id3Bytes(head: Buffer): number | null {
  if (text(head, 0, 3) !== 'ID3' || head.length < 10) return null;
  const length = head.subarray(6, 10).reduce((total, byte) => total * 128 + (byte & 0x7f), 0);
  return 10 + length;
}

function startsWith(signature: string): (head: Buffer) => boolean {
  return (head) => text(head, 0, signature.length) === signature;
}

function text(head: Buffer, start: number, end: number): string {
  return head.subarray(start, end).toString('latin1');
}

async function readAt(file: Awaited<ReturnType<typeof open>>, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(headBytes);
  const { bytesRead } = await file.read(buffer, 0, headBytes, position);
  return buffer.subarray(0, bytesRead);
}
