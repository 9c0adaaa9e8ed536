// What a scene is made of. Later layers lie on top; `zIndex` overrides. Times are seconds from the scene's start.
import { z } from 'zod';
import { coveredScripts, fontFamilies } from './font-families.ts';
import {
  base,
  framing,
  mediaDuration,
  Shadow,
  Stroke,
  size,
  sound,
  source,
  stillDuration,
  visual,
} from './layer-properties.ts';
import { AssetReference, Color, Fraction, Length, Seconds } from './units.ts';

const PaddingSide = z.number().min(0).max(2000);

const easings = ['linear', 'easeIn', 'easeOut', 'easeInOut'] as const;

/** A rectangle of the picture as fractions of its width and height. */
const ViewRect = z.strictObject({
  x: Fraction,
  y: Fraction,
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
});

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
    .describe(
      'A slow move over the fitted picture, from the view of one rectangle to that of another, both in fractions of what the box shows; equal `width` and `height` keep the proportions. Easings are cubic.',
    ),
});

export const AudioLayer = z.strictObject({
  type: z.literal('audio'),
  ...base,
  duration: mediaDuration,
  ...source,
  ...sound,
});

export const TextLayer = z.strictObject({
  type: z.literal('text'),
  ...visual,
  width: z
    .union([Length, z.literal('auto')])
    .default('auto')
    .describe('Pixels, or a share of the canvas width; "auto": as wide as the text, at most the canvas.'),
  height: z
    .union([Length, z.literal('auto')])
    .default('auto')
    .describe('Pixels, or a share of the canvas height; "auto": as high as the text, at most the canvas.'),
  duration: stillDuration,
  text: z
    .string()
    .min(1)
    .max(10_000)
    .describe(
      `1–10,000 characters; \\n begins a new line. Scripts: ${coveredScripts.join(', ')} (Han as in Japanese), and emoji.`,
    ),
  fontFamily: z
    .union([z.string().min(1).max(100), z.array(z.string().min(1).max(100)).min(1).max(10)])
    .default('Noto Sans')
    .describe(
      `Families that ship with the engine: ${fontFamilies.join(', ')}. Later ones are used for letters the first lacks, then all others.`,
    ),
  fontSize: z
    .union([
      z.number().min(4).max(2000),
      z
        .string()
        .regex(
          /^\d{1,3}(\.\d{1,4})?%$/,
          'a font size is a number of pixels or a percentage of the canvas height such as "5%"',
        ),
    ])
    .default('5%')
    .describe('Pixels, or a percentage of the canvas height.'),
  fontWeight: z
    .int()
    .min(100)
    .max(900)
    .multipleOf(100)
    .default(400)
    .describe('In hundreds; the nearest weight that the family has.'),
  fontStyle: z
    .enum(['normal', 'italic'])
    .default('normal')
    .describe('Only Noto Sans has italics; letters of the other families stay upright.'),
  color: Color.default('#FFFFFF').describe('Of the letters; emoji keep their own.'),
  align: z
    .enum(['left', 'center', 'right', 'start', 'end'])
    .default('center')
    .describe('Of the lines in the box; "start" is where the text begins to be read.'),
  verticalAlign: z.enum(['top', 'middle', 'bottom']).default('middle').describe('Of all lines in the box.'),
  lineHeight: z.number().min(0.5).max(5).default(1.2).describe('A multiple of the font size.'),
  letterSpacing: z
    .number()
    .min(-100)
    .max(500)
    .default(0)
    .describe('Pixels between letters; joined ones, as in Arabic, stay joined.'),
  wrap: z
    .enum(['word', 'char', 'none'])
    .default('word')
    .describe(
      'Where a line that is too wide for the box is broken: between words, anywhere, or only at \\n.',
    ),
  maxLines: z.int().min(1).max(50).optional().describe('What is over is treated as `overflow` says.'),
  overflow: z
    .enum(['visible', 'clip', 'ellipsis', 'shrink'])
    .default('shrink')
    .describe(
      'What happens to text that does not fit its box: it reaches out, is cut off at the edge, ends with "…", or is made smaller (down to 4 pixels).',
    ),
  padding: z
    .union([PaddingSide, z.tuple([PaddingSide, PaddingSide, PaddingSide, PaddingSide])])
    .default(0)
    .describe('Pixels between the box and the text: one number, or top, right, bottom, left.'),
  background: z
    .strictObject({
      color: Color,
      opacity: Fraction.default(1),
      radius: z.number().min(0).max(1000).default(0),
      wrap: z.enum(['box', 'line']).default('box'),
    })
    .optional()
    .describe(
      'A surface behind the whole box, or behind each line and its padding; corners by radius in pixels.',
    ),
  stroke: Stroke.optional().describe(
    'An outline under the letters, width in pixels: half of it reaches out of them.',
  ),
  textShadow: Shadow.optional().describe(
    'Of letters and outline: offset and blur in pixels; it turns and flips with the layer.',
  ),
  transform: z
    .enum(['none', 'upper', 'lower', 'capitalize'])
    .default('none')
    .describe('Changes the letters before they are drawn.'),
  direction: z
    .enum(['auto', 'ltr', 'rtl'])
    .default('auto')
    .describe('The way lines are read; "auto": that of the first letter.'),
});

export const ColorLayer = z.strictObject({
  type: z.literal('color'),
  ...visual,
  ...size,
  duration: stillDuration,
  color: Color.describe('Of the whole box.'),
});

export const ShapeLayer = z.strictObject({
  type: z.literal('shape'),
  ...visual,
  ...size,
  duration: stillDuration,
  shape: z.enum(['rectangle', 'circle']).describe('"circle" is the ellipse that fills the layer\'s box.'),
  fill: Color.optional().describe('One colour. At least one of `fill`, `gradient` and `border` is given.'),
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
    .optional()
    .describe(
      'Instead of `fill`; linear ones run along `angle` (degrees clockwise, 0 upwards, as in CSS), radial ones from the middle outwards; stops in rising order of `at`.',
    ),
  border: Stroke.optional().describe("Inside the box's edge; width in pixels."),
  radius: z.number().min(0).max(8192).default(0).describe('Of the corners, in pixels; rectangles only.'),
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
export const AudioTrack = z.strictObject({
  ...base,
  start: Seconds.default(0).describe("Seconds from the film's start."),
  duration: mediaDuration,
  ...source,
  ...sound,
});
export type AudioTrack = z.infer<typeof AudioTrack>;
