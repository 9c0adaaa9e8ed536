// What is known of an uploaded file: measured once at ingest, and all that the plan compiler knows of it.
import { z } from 'zod';

export const VideoFacts = z.object({
  codec: z.string(),
  /** Pixels as shown: after rotation and with square pixels. */
  width: z.int().positive(),
  height: z.int().positive(),
  /** Pixels as coded. */
  codedWidth: z.int().positive(),
  codedHeight: z.int().positive(),
  /** Clockwise degrees the container asks for: 0, 90, 180 or 270. */
  rotation: z.int(),
  /** Mean frames per second, as a fraction "30000/1001"; "0/0" for a still. */
  fps: z.string(),
  /** Coded pictures counted in the file, not read from its header. */
  frames: z.int().nonnegative(),
  /** Seconds; 0 for a still. */
  durationSeconds: z.number().nonnegative(),
  pixelFormat: z.string(),
  hasAlpha: z.boolean(),
  isInterlaced: z.boolean(),
  /** FFmpeg's names: bt709, smpte2084, …; "unknown" where the file does not say. */
  colorSpace: z.string(),
  colorTransfer: z.string(),
  colorPrimaries: z.string(),
  /** "tv", "pc" or "unknown". */
  colorRange: z.string(),
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
  /** The demuxer every later run forces with -f: mov, matroska, mp3, wav, flac, ogg, png_pipe, jpeg_pipe, webp_pipe, gif. */
  demuxer: z.string(),
  durationSeconds: z.number().nonnegative(),
  /** Null where there is no such stream. A cover picture in a sound file does not count. */
  video: VideoFacts.nullable(),
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
  status: z.enum(['processing', 'ready', 'refused']),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
  facts: AssetFacts.nullable(),
  /** Why the file was refused. */
  error: z.string().nullable(),
  createdAt: z.string(),
});
export type Asset = z.infer<typeof Asset>;
