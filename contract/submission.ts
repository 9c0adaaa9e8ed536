// What a caller posts to start a render.
import { z } from 'zod';
import { Movie } from './movie.ts';
import { Label } from './units.ts';

export const RenderOptions = z.strictObject({
  /** Scenes at once: stable 2, balanced 3, fast 4, turbo 6. Parallelism only, never the picture. */
  qualityPreset: z.enum(['stable', 'balanced', 'fast', 'turbo']).default('balanced'),
  /** Overrides the preset; never more than there are scenes. */
  requestedConcurrency: z.int().min(1).max(32).optional(),
  /** An equal job that is active is returned instead of a second encode. */
  reuseActive: z.boolean().default(true),
  /** use: re-use clips; refresh: render every scene anew and store it. */
  cache: z.enum(['use', 'refresh']).default('use'),
  /** x264 constant rate factor; lower is better and larger. */
  crf: z.int().min(0).max(51).default(23),
});
export type RenderOptions = z.infer<typeof RenderOptions>;

export const RenderSubmission = z.strictObject({
  kind: z.literal('movie'),
  projectId: Label,
  movie: Movie,
  renderOptions: RenderOptions.default(RenderOptions.parse({})),
  /** https URL for webhooks. */
  callbackUrl: z
    .url({ protocol: /^https$/ })
    .max(2048)
    .optional(),
});
export type RenderSubmission = z.infer<typeof RenderSubmission>;
export type RenderSubmissionInput = z.input<typeof RenderSubmission>;
