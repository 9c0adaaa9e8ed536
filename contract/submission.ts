// What a caller posts to start a render.
import { z } from 'zod';
import { Movie } from './movie.ts';
import { CallbackUrl, Label } from './units.ts';

export const RenderOptions = z.strictObject({
  qualityPreset: z
    .enum(['stable', 'balanced', 'fast', 'turbo'])
    .default('balanced')
    .describe('Scenes at once: stable 2, balanced 3, fast 4, turbo 6. Parallelism only, never the picture.'),
  requestedConcurrency: z
    .int()
    .min(1)
    .max(32)
    .optional()
    .describe('Overrides the preset; never more than there are scenes.'),
  reuseActive: z
    .boolean()
    .default(true)
    .describe('An equal job that is active is returned instead of a second encode.'),
  cache: z
    .enum(['use', 'refresh'])
    .default('use')
    .describe('use: re-use clips; refresh: render every scene anew and store it.'),
  crf: z.int().min(0).max(51).default(23).describe('x264 constant rate factor; lower is better and larger.'),
});
export type RenderOptions = z.infer<typeof RenderOptions>;

export const RenderSubmission = z.strictObject({
  kind: z.literal('movie'),
  schemaVersion: z.literal('1').optional().describe('Of the movie document; default "1".'),
  projectId: Label,
  movie: Movie,
  renderOptions: RenderOptions.default(RenderOptions.parse({})),
  callbackUrl: CallbackUrl.optional().describe(
    'https URL for webhooks; http only where the operator allows the address.',
  ),
});
export type RenderSubmission = z.infer<typeof RenderSubmission>;
export type RenderSubmissionInput = z.input<typeof RenderSubmission>;
