// The movie document, version 1, as far as this version of the engine goes. Strict: what is not listed is refused.
import { z } from 'zod';
import { AudioTrack, Layer, MovieOverlay } from './layers.ts';
import { Color, FrameRateText, Label } from './units.ts';

export const Scene = z.strictObject({
  id: Label,
  /** Seconds, or "auto": as long as the longest layer that has a length of its own. */
  duration: z.union([z.number().gt(0).max(3600), z.literal('auto')]).default('auto'),
  /** Default: the movie's. */
  backgroundColor: Color.optional(),
  layers: z.array(Layer).max(200),
});
export type Scene = z.infer<typeof Scene>;

export const Movie = z.strictObject({
  id: Label.optional(),
  title: z.string().max(500).default('Untitled Movie'),
  schemaVersion: z.literal('1').default('1'),
  /** Pixels, even. The operator may narrow the range (EngineLimits). */
  width: z.int().min(16).max(8192).multipleOf(2).default(1920),
  height: z.int().min(16).max(8192).multipleOf(2).default(1080),
  fps: FrameRateText.default(30),
  /** Hz of the programme's sound. */
  sampleRate: z.union([z.literal(44_100), z.literal(48_000), z.literal(96_000)]).default(48_000),
  backgroundColor: Color.default('#000000'),
  scenes: z.array(Scene).min(1).max(5000),
  audio: z.array(AudioTrack).max(32).default([]),
  overlays: z.array(MovieOverlay).max(32).default([]),
});
export type Movie = z.infer<typeof Movie>;
/** A movie as a caller may write it, defaults left out. */
export type MovieInput = z.input<typeof Movie>;
