// Values that documents share: frame rates, colours, lengths. Times are seconds, as everywhere in the contract.
import { z } from 'zod';

/** Frames per second: an integer 1–120 or a fraction as text, for example "30000/1001". */
export const FrameRateText = z
  .union([
    z.int().min(1).max(120),
    z
      .string()
      .regex(/^[1-9]\d{0,5}\/[1-9]\d{0,4}$/, 'a frame rate is an integer or a fraction such as "30000/1001"'),
  ])
  .describe(
    'Frames per second: a whole number 1–120, or a fraction such as "30000/1001" (29.97) or "24000/1001" (23.976). The operator sets the most (`FPS_MAX`).',
  );

/** #RGB, #RRGGBB, #RRGGBBAA or a CSS colour name. */
export const Color = z
  .string()
  .min(3)
  .max(32)
  .regex(
    /^(#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|#[0-9a-fA-F]{8}|[a-zA-Z]+)$/,
    'a colour is #RGB, #RRGGBB, #RRGGBBAA or a CSS name',
  );

/** Pixels as a number, or a share of the canvas axis as text: "50%". */
export const Length = z.union([
  z.number().min(-32768).max(32768),
  z
    .string()
    .regex(/^-?\d{1,5}(\.\d{1,6})?%$/, 'a length is a number of pixels or a percentage such as "50%"'),
]);

export const Seconds = z.number().min(0).max(36_000);
export const PositiveSeconds = z.number().gt(0).max(36_000);
export const Fraction = z.number().min(0).max(1);

/** Linear gain 0–4 (1 leaves the sound as it is) or decibels −120…12. */
export const Volume = z.union([
  z.number().min(0).max(4),
  z.strictObject({ db: z.number().min(-120).max(12) }),
]);

/** Spelled out instead of \p{Cc}, which few readers of OpenAPI understand. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const noControlCharacters = /^[^\u0000-\u001f\u007f-\u009f]*$/;

/** A name a caller gives: 1–128 characters, no control characters. It never becomes part of a file name or object key. */
export const Label = z
  .string()
  .min(1)
  .max(128)
  .regex(noControlCharacters, 'control characters are not allowed');

/** Where webhooks go. The parser of URLs would let control characters pass, and Postgres cannot hold them all. */
export const CallbackUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .regex(noControlCharacters, 'control characters are not allowed');

/** A reference to an uploaded asset. */
export const AssetReference = z
  .string()
  .regex(
    /^asset:[A-Za-z0-9_-]{1,64}$/,
    'a source is "asset:<id>"; upload the file first with POST /v1/assets',
  );
