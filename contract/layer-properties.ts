// What layers share: time, place, framing, source, sound. The comments give units and become the reference.
import { z } from 'zod';
import { AssetReference, Color, Fraction, Label, Length, PositiveSeconds, Seconds, Volume } from './units.ts';

const pointNames = [
  'top-left',
  'top',
  'top-right',
  'left',
  'center',
  'right',
  'bottom-left',
  'bottom',
  'bottom-right',
] as const;

/** The point of the layer that lies at (x, y): a fraction of its width and height, or one of nine names. */
export const Anchor = z.union([z.tuple([Fraction, Fraction]), z.enum(pointNames)]);
export type Anchor = z.infer<typeof Anchor>;

const Fade = z.strictObject({
  type: z.literal('fade'),
  duration: PositiveSeconds.describe('Seconds; together `in` and `out` are not longer than the layer.'),
});

export const base = {
  id: Label.optional().describe('Your name for it; not part of any cache key.'),
  name: Label.optional().describe('A second name for people; not part of any cache key.'),
  enabled: z.boolean().default(true).describe('false: as if it were not there.'),
  start: Seconds.default(0).describe("Seconds from the scene's start; of an overlay, from the film's start."),
};

export const visual = {
  ...base,
  zIndex: z
    .int()
    .min(-1000)
    .max(1000)
    .optional()
    .describe('Higher ones lie on top; equal ones in the order of the list. Default: 0.'),
  x: Length.default('50%').describe('Where the anchor point lies: pixels, or a share of the canvas width.'),
  y: Length.default('50%').describe('Pixels, or a share of the canvas height.'),
  anchor: Anchor.default([0.5, 0.5]).describe(
    'The point of the layer that lies at (x, y): fractions of its size, or a name such as "top-left".',
  ),
  rotation: z
    .number()
    .min(-3600)
    .max(3600)
    .default(0)
    .describe("Degrees clockwise about the layer's centre, after flips."),
  flipH: z.boolean().default(false).describe('Mirrored left to right.'),
  flipV: z.boolean().default(false).describe('Upside down.'),
  opacity: Fraction.default(1).describe(
    '0 (clear) to 1 (opaque); multiplied with what is see-through already.',
  ),
  in: Fade.optional().describe('Fades in from nothing.'),
  out: Fade.optional().describe("Fades out to nothing at the layer's end, which may be the scene's."),
};

export const size = {
  width: Length.default('100%').describe(
    'Pixels, or a share of the canvas width; more than 0, at most 16384.',
  ),
  height: Length.default('100%').describe(
    'Pixels, or a share of the canvas height; more than 0, at most 16384.',
  ),
};

export const stillDuration = z
  .union([PositiveSeconds, z.literal('fill')])
  .default('fill')
  .describe('Seconds, or "fill": until the end of the scene; of an overlay, of the film.');

export const mediaDuration = z
  .union([PositiveSeconds, z.literal('auto'), z.literal('fill')])
  .default('auto')
  .describe(
    'Seconds; "auto": as long as the source plays; "fill": until the end of the scene, or of the film for a track. A video that ends before its layer holds its last picture, sound is followed by silence.',
  );

export const framing = {
  fit: z
    .enum(['cover', 'contain', 'fill', 'none', 'scale-down'])
    .default('cover')
    .describe('How the source fills the box of width × height: CSS object-fit.'),
  crop: z
    .strictObject({
      top: Fraction.default(0),
      right: Fraction.default(0),
      bottom: Fraction.default(0),
      left: Fraction.default(0),
    })
    .optional()
    .describe('Fractions cut off each side of the source before it is fitted.'),
  focus: z
    .tuple([Fraction, Fraction])
    .default([0.5, 0.5])
    .describe('What stays in view, or where in its box it lies: CSS object-position as fractions.'),
};

export const source = {
  src: AssetReference.describe('An uploaded asset: "asset:<id>".'),
  trimStart: Seconds.default(0).describe('Seconds in the source, where it begins to play.'),
  trimEnd: PositiveSeconds.optional().describe(
    'Seconds in the source, where it ends; give this or `trimDuration`, not both. Default: the end of the source.',
  ),
  trimDuration: PositiveSeconds.optional().describe('Seconds of the source that play.'),
  loop: z
    .union([z.boolean(), z.int().min(1).max(10_000)])
    .default(false)
    .describe(
      'true: again and again until the end of the layer, which is then that of the scene unless it has a duration; a number: that many times in all.',
    ),
};

export const sound = {
  volume: Volume.default(1).describe('Linear 0–4 (1 leaves it as it is), or decibels: {"db": -6}.'),
  muted: z.boolean().default(false).describe('true: no sound of this layer.'),
  fadeIn: Seconds.default(0).describe('Seconds in which the sound rises.'),
  fadeOut: Seconds.default(0).describe('Seconds in which the sound falls, at its end.'),
  fadeCurve: z
    .enum(['tri', 'qsin', 'exp', 'log'])
    .default('tri')
    .describe(
      'How both fades run: evenly ("tri"), a quarter sine ("qsin", for music), slow at the quiet end ("exp"), fast there ("log").',
    ),
};

export const Shadow = z
  .strictObject({
    x: z.number().min(-500).max(500).default(0),
    y: z.number().min(-500).max(500).default(0),
    blur: z.number().min(0).max(200).default(0),
    color: Color.default('#00000080'),
  })
  .describe('Offset and blur in pixels; it turns and flips with the layer.');

export const Stroke = z.strictObject({ width: z.number().gt(0).max(200), color: Color });
