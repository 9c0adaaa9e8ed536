// What is known of an uploaded file: measured once at ingest, and all that the plan compiler knows of it.
import { z } from 'zod';

export const VideoFacts = z.object({
  codec: z.string(),
  width: z.int().positive().describe('Pixels as shown: after rotation and with square pixels.'),
  height: z.int().positive(),
  codedWidth: z.int().positive().describe('Pixels as coded.'),
  codedHeight: z.int().positive(),
  rotation: z.int().describe('Clockwise degrees the container asks for: 0, 90, 180 or 270.'),
  fps: z.string().describe('Mean frames per second, as a fraction "30000/1001"; "0/0" for a still.'),
  frames: z.int().nonnegative().describe('Coded pictures counted in the file, not read from its header.'),
  durationSeconds: z.number().nonnegative().describe('Seconds; 0 for a still.'),
  pixelFormat: z.string(),
  hasAlpha: z.boolean(),
  isInterlaced: z.boolean(),
  colorSpace: z
    .string()
    .describe('FFmpeg\'s names: bt709, smpte2084, …; "unknown" where the file does not say.'),
  colorTransfer: z.string(),
  colorPrimaries: z.string(),
  colorRange: z.string().describe('"tv", "pc" or "unknown".'),
});
export type VideoFacts = z.infer<typeof VideoFacts>;

export const AudioFacts = z.object({
  codec: z.string(),
  sampleRate: z.int().positive(),
  channels: z.int().positive(),
  durationSeconds: z.number().nonnegative(),
});
export type AudioFacts = z.infer<typeof AudioFacts>;

export const AssetFacts = z.object({
  kind: z.enum(['video', 'image', 'audio']),
  demuxer: z
    .string()
    .describe(
      'The demuxer every later run forces with -f: mov, matroska, mp3, aac, wav, flac, ogg, png_pipe, jpeg_pipe, webp_pipe, gif.',
    ),
  durationSeconds: z.number().nonnegative(),
  video: VideoFacts.nullable().describe(
    'Null where there is no such stream. A cover picture in a sound file does not count.',
  ),
  audio: AudioFacts.nullable(),
});
export type AssetFacts = z.infer<typeof AssetFacts>;

/** An asset as the compiler sees it. */
export type ResolvedAsset = {
  readonly assetId: string;
  /** Lower-case hex of all bytes. */
  readonly sha256: string;
  readonly bytes: number;
  readonly objectKey: string;
  readonly facts: AssetFacts;
};

/** An asset as the API shows it. */
export const Asset = z.object({
  assetId: z.string(),
  projectId: z.string(),
  name: z.string(),
  status: z
    .enum(['processing', 'ready', 'refused'])
    .describe('Only what is ready may be named in a document, as "asset:<assetId>".'),
  bytes: z.int().nonnegative(),
  sha256: z.string().describe('Of all bytes, lower-case hexadecimal.'),
  facts: AssetFacts.nullable().describe('Null until it is ready.'),
  error: z.string().nullable().describe('Why the file was refused.'),
  createdAt: z.string(),
});
export type Asset = z.infer<typeof Asset>;
