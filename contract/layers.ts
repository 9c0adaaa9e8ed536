// What a scene is made of. Later layers lie on top; `zIndex` overrides. Times are seconds from the scene's start.
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

const easings = ['linear', 'easeIn', 'easeOut', 'easeInOut'] as const;

const Fade = z.strictObject({
  type: z.literal('fade'),
  duration: PositiveSeconds.describe('Seconds; together `in` and `out` are not longer than the layer.'),
});

/** A rectangle of the picture as fractions of its width and height. */
const ViewRect = z.strictObject({
  x: Fraction,
  y: Fraction,
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
});

const base = {
  id: Label.optional().describe('Your name for it; not part of any cache key.'),
  name: Label.optional(),
  enabled: z.boolean().default(true).describe('false: as if it were not there.'),
  start: Seconds.default(0).describe("Seconds from the scene's start."),
};

const visual = {
  ...base,
  zIndex: z.int().min(-1000).max(1000).optional().describe('Default: the array order.'),
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
    .describe("Degrees clockwise about the layer's centre."),
  flipH: z.boolean().default(false).describe('Mirrored left to right.'),
  flipV: z.boolean().default(false).describe('Upside down.'),
  opacity: Fraction.default(1).describe('0–1.'),
  in: Fade.optional().describe('Fades in from nothing.'),
  out: Fade.optional().describe("Fades out to nothing at the layer's end."),
};

const size = { width: Length.default('100%'), height: Length.default('100%') };

/** Still layers last until the scene's end unless told otherwise ("fill"). */
const stillDuration = z.union([PositiveSeconds, z.literal('fill')]).default('fill');
/** Media layers last as long as their source ("auto"), or until the scene's end ("fill"). */
const mediaDuration = z.union([PositiveSeconds, z.literal('auto'), z.literal('fill')]).default('auto');

const framing = {
  fit: z
    .enum(['cover', 'contain', 'fill', 'none', 'scale-down'])
    .default('cover')
    .describe('CSS object-fit.'),
  crop: z
    .strictObject({
      top: Fraction.default(0),
      right: Fraction.default(0),
      bottom: Fraction.default(0),
      left: Fraction.default(0),
    })
    .optional()
    .describe('Fractions cut off each side of the source before it is fitted.'),
  focus: z.tuple([Fraction, Fraction]).default([0.5, 0.5]).describe('CSS object-position as fractions.'),
};

const source = {
  src: AssetReference.describe('An uploaded asset: "asset:<id>".'),
  trimStart: Seconds.default(0).describe('Seconds in the source.'),
  trimEnd: PositiveSeconds.optional().describe(
    'Seconds in the source; give this or `trimDuration`, not both.',
  ),
  trimDuration: PositiveSeconds.optional().describe('Seconds of the source that play.'),
  loop: z
    .union([z.boolean(), z.int().min(1).max(10_000)])
    .default(false)
    .describe("true: until the layer's end; a number: that many times in all."),
};

const sound = {
  volume: Volume.default(1).describe('Linear 0–4 (1 leaves it as it is), or decibels: {"db": -6}.'),
  muted: z.boolean().default(false).describe('true: no sound of this layer.'),
  fadeIn: Seconds.default(0).describe('Seconds of sound.'),
  fadeOut: Seconds.default(0).describe('Seconds of sound at the end.'),
  fadeCurve: z.enum(['tri', 'qsin', 'exp', 'log']).default('tri'),
};

export const VideoLayer = z.strictObject({
  type: z.literal('video'),
  ...visual,
  ...size,
  duration: mediaDuration,
  ...framing,
  ...source,
  ...sound,
});

export const ImageLayer = z.strictObject({
  type: z.literal('image'),
  ...visual,
  ...size,
  duration: stillDuration,
  ...framing,
  src: AssetReference.describe('An uploaded asset: "asset:<id>".'),
  motion: z
    .strictObject({
      type: z.literal('ken-burns'),
      from: ViewRect,
      to: ViewRect,
      easing: z.enum(easings).default('easeInOut'),
    })
    .optional()
    .describe('A slow move over the fitted picture from one rectangle to another.'),
});

export const AudioLayer = z.strictObject({
  type: z.literal('audio'),
  ...base,
  duration: mediaDuration,
  ...source,
  ...sound,
});

const Shadow = z.strictObject({
  x: z.number().min(-500).max(500).default(0),
  y: z.number().min(-500).max(500).default(0),
  blur: z.number().min(0).max(200).default(0),
  color: Color.default('#00000080'),
});

const Stroke = z.strictObject({ width: z.number().gt(0).max(200), color: Color });

export const TextLayer = z.strictObject({
  type: z.literal('text'),
  ...visual,
  width: z
    .union([Length, z.literal('auto')])
    .default('auto')
    .describe('"auto": as wide or high as the text.'),
  height: z.union([Length, z.literal('auto')]).default('auto'),
  duration: stillDuration,
  text: z.string().min(1).max(10_000),
  fontFamily: z
    .union([z.string().min(1).max(100), z.array(z.string().min(1).max(100)).min(1).max(10)])
    .default('Noto Sans')
    .describe('Families that ship with the engine; later ones are used for letters the first lacks.'),
  fontSize: z
    .union([z.number().min(4).max(2000), z.string().regex(/^\d{1,3}(\.\d{1,4})?%$/)])
    .default('5%')
    .describe('Pixels, or a percentage of the canvas height.'),
  fontWeight: z.int().min(100).max(900).multipleOf(100).default(400),
  fontStyle: z.enum(['normal', 'italic']).default('normal'),
  color: Color.default('#FFFFFF'),
  align: z.enum(['left', 'center', 'right', 'start', 'end']).default('center'),
  verticalAlign: z.enum(['top', 'middle', 'bottom']).default('middle'),
  lineHeight: z.number().min(0.5).max(5).default(1.2).describe('A multiple of the font size.'),
  letterSpacing: z.number().min(-100).max(500).default(0).describe('Pixels.'),
  wrap: z.enum(['word', 'char', 'none']).default('word'),
  maxLines: z.int().min(1).max(50).optional(),
  overflow: z
    .enum(['visible', 'clip', 'ellipsis', 'shrink'])
    .default('shrink')
    .describe('What happens to text that does not fit its box.'),
  padding: z
    .union([
      z.number().min(0).max(2000),
      z.tuple([z.number().min(0), z.number().min(0), z.number().min(0), z.number().min(0)]),
    ])
    .default(0)
    .describe('Pixels: one number, or top, right, bottom, left.'),
  background: z
    .strictObject({
      color: Color,
      opacity: Fraction.default(1).describe('0–1.'),
      radius: z.number().min(0).max(1000).default(0).describe('Pixels.'),
      wrap: z.enum(['box', 'line']).default('box'),
    })
    .optional(),
  stroke: Stroke.optional(),
  textShadow: Shadow.optional(),
  transform: z.enum(['none', 'upper', 'lower', 'capitalize']).default('none'),
  direction: z.enum(['auto', 'ltr', 'rtl']).default('auto'),
});

export const ColorLayer = z.strictObject({
  type: z.literal('color'),
  ...visual,
  ...size,
  duration: stillDuration,
  color: Color,
});

export const ShapeLayer = z.strictObject({
  type: z.literal('shape'),
  ...visual,
  ...size,
  duration: stillDuration,
  shape: z.enum(['rectangle', 'circle']).describe('"circle" is the ellipse that fills the layer\'s box.'),
  fill: Color.optional().describe('At least one of `fill` and `border` is given.'),
  gradient: z
    .strictObject({
      type: z.enum(['linear', 'radial']).default('linear'),
      angle: z
        .number()
        .min(-3600)
        .max(3600)
        .default(180)
        .describe('Degrees clockwise from upwards, as in CSS.'),
      stops: z
        .array(z.strictObject({ at: Fraction, color: Color }))
        .min(2)
        .max(16),
    })
    .optional(),
  border: Stroke.optional(),
  radius: z.number().min(0).max(8192).default(0).describe('Pixels; rectangles only.'),
  shadow: Shadow.optional(),
});

export const Layer = z.discriminatedUnion('type', [
  VideoLayer,
  ImageLayer,
  AudioLayer,
  TextLayer,
  ColorLayer,
  ShapeLayer,
]);
export type Layer = z.infer<typeof Layer>;
export type VideoLayer = z.infer<typeof VideoLayer>;
export type ImageLayer = z.infer<typeof ImageLayer>;
export type AudioLayer = z.infer<typeof AudioLayer>;
export type TextLayer = z.infer<typeof TextLayer>;
export type ColorLayer = z.infer<typeof ColorLayer>;
export type ShapeLayer = z.infer<typeof ShapeLayer>;

/** A still layer over the whole film or a part of it; `start` and `duration` are in the film's time. */
export const MovieOverlay = z.discriminatedUnion('type', [ImageLayer, TextLayer, ColorLayer, ShapeLayer]);
export type MovieOverlay = z.infer<typeof MovieOverlay>;

/** Sound over the whole film; `start` and `duration` are in the film's time. Changing it renders no scene again. */
export const AudioTrack = z.strictObject({ ...base, duration: mediaDuration, ...source, ...sound });
export type AudioTrack = z.infer<typeof AudioTrack>;
