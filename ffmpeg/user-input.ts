// Inputs that a user uploaded: local file only, one demuxer, known codecs, bounded size (facts: reliability-security, section 2).
import type { FfmpegInput } from './ffmpeg-command.ts';

/** Demuxers that an upload may need; everything else (playlists, concat scripts, SVG) is refused at ingest. */
const allowedDemuxers = [
  'mov',
  'matroska',
  'mp3',
  'wav',
  'flac',
  'ogg',
  'aac',
  'png_pipe',
  'jpeg_pipe',
  'webp_pipe',
  'gif',
] as const;
export type AllowedDemuxer = (typeof allowedDemuxers)[number];

/** Decoders that an upload may use. */
export const allowedDecoders = [
  ...[
    'h264',
    'hevc',
    'vp8',
    'libvpx',
    'vp9',
    'libvpx-vp9',
    'av1',
    'libdav1d',
    'libaom-av1',
    'mpeg4',
    'mpeg2video',
    'prores',
    'mjpeg',
    'png',
    'webp',
    'gif',
  ],
  ...[
    'aac',
    'mp3',
    'mp3float',
    'flac',
    'alac',
    'opus',
    'libopus',
    'vorbis',
    'libvorbis',
    'ac3',
    'eac3',
    'mp2',
    'mp2float',
  ],
  ...[
    'pcm_s16le',
    'pcm_s16be',
    'pcm_s24le',
    'pcm_s24be',
    'pcm_s32le',
    'pcm_s32be',
    'pcm_f32le',
    'pcm_f32be',
    'pcm_f64le',
    'pcm_u8',
  ],
] as const;

/** 36 megapixels: more than 8K UHD (33.2). A 16,000 × 16,000 PNG of 31 KB is refused in 0.07 s. */
const pixelsMax = 36_000_000;
const streamsMax = 16;

/** Flags that stand before the -i of every user file, for FFmpeg and FFprobe alike. */
export function userFileOptions(demuxer: string): readonly string[] {
  return [
    ...['-protocol_whitelist', 'file', '-format_whitelist', allowedDemuxers.join(',')],
    ...['-codec_whitelist', allowedDecoders.join(','), '-max_pixels', String(pixelsMax)],
    ...['-max_streams', String(streamsMax), '-f', demuxer],
  ];
}

/** A user's file as an input. `before` adds options such as a seek. */
export function userFile(path: string, demuxer: string, before: readonly string[] = []): FfmpegInput {
  return { path, options: [...userFileOptions(demuxer), ...before] };
}
