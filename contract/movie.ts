// The movie document, version 1, as far as this version of the engine goes. Strict: what is not listed is refused.
import { z } from 'zod';
import { AudioTrack, Layer, MovieOverlay } from './layers.ts';
import { Color, FrameRateText, Label } from './units.ts';

export const Scene = z.strictObject({
  id: Label.describe('Yours, and unlike the others: results are told by it. Not part of any cache key.'),
  duration: z
    .union([z.number().gt(0).max(3600), z.literal('auto')])
    .default('auto')
    .describe('Seconds, or "auto": as long as the longest layer that has a length of its own.'),
  backgroundColor: Color.optional().describe("Opaque. Default: the movie's."),
  layers: z.array(Layer).max(200).describe('Later ones lie on top; `zIndex` overrides.'),
});
export type Scene = z.infer<typeof Scene>;

export const Movie = z.strictObject({
  id: Label.optional().describe('Your name for it.'),
  title: z.string().max(500).default('Untitled Movie').describe('For people; it is not shown in the film.'),
  schemaVersion: z.literal('1').default('1').describe('Of this document; may stand in the submission, too.'),
  width: z
    .int()
    .min(16)
    .max(8192)
    .multipleOf(2)
    .default(1920)
    .describe('Pixels, even. The operator sets the range (`CANVAS_WIDTH_MIN`, `CANVAS_WIDTH_MAX`).'),
  height: z
    .int()
    .min(16)
    .max(8192)
    .multipleOf(2)
    .default(1080)
    .describe('Pixels, even; `CANVAS_HEIGHT_MIN`, `CANVAS_HEIGHT_MAX`.'),
  fps: FrameRateText.default(30),
  sampleRate: z
    .union([z.literal(44_100), z.literal(48_000), z.literal(96_000)])
    .default(48_000)
    .describe("Hz of the programme's sound."),
  backgroundColor: Color.default('#000000').describe('Opaque; behind every scene that has none of its own.'),
  scenes: z.array(Scene).min(1).max(5000).describe('One after the other.'),
  audio: z.array(AudioTrack).max(32).default([]).describe('Sound over the whole film, such as music.'),
  overlays: z
    .array(MovieOverlay)
    .max(32)
    .default([])
    .describe(
      'Still layers over the whole film or a part of it, such as a watermark; their times count from its start.',
    ),
});
export type Movie = z.infer<typeof Movie>;
/** A movie as a caller may write it, defaults left out. */
export type MovieInput = z.input<typeof Movie>;
