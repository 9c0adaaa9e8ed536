import { fontFamilies } from '../contract/font-families.ts';
import type { Movie } from '../contract/movie.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import type { CompileInput } from '../plan-compiler/compile-types.ts';
import { engineLimits } from '../plan-compiler/engine-limits.ts';
import { allLayers, assetIdsOf } from '../plan-compiler/movie-assets.ts';
import type { FontReference } from '../plan-compiler/render-plan.ts';
import type { CheckedDocument } from './document-work.ts';
import type { ApiServices } from './services.ts';
import { readAllowedNetworks } from './webhooks/address.ts';
import { callbackIssues } from './webhooks/callback-url.ts';

/** Larger documents are left to the workers: nobody should wait for an answer so long. */
const LAYERS_MAX = 10_000;

/**
 * Compiles a document that was read against the facts of its project's media, and throws the plan away: what is wrong
 * is told at once, not by a job that fails. The job's own plan is made by a worker, which knows fonts and renderer.
 */
export async function checkDocument(
  services: Services,
  userId: string,
  submission: RenderSubmission,
): Promise<CheckedDocument> {
  const { WEBHOOK_ALLOWED_ADDRESSES: allowed } = services.settings;
  const issues = callbackIssues(submission.callbackUrl, readAllowedNetworks(allowed));
  const compiled = await compileDocument(services, userId, submission);
  if (issues.length === 0) return compiled;
  return { kind: 'refused', issues: [...(compiled.kind === 'refused' ? compiled.issues : []), ...issues] };
}

type Services = Pick<ApiServices, 'assets' | 'judge' | 'settings'>;

async function compileDocument(
  services: Services,
  userId: string,
  { movie, projectId, renderOptions }: RenderSubmission,
): Promise<CheckedDocument> {
  if (allLayers(movie).length > LAYERS_MAX) return { kind: 'fit', filmSeconds: statedSeconds(movie) };
  return services.judge.run(userId, 'check', {
    movie,
    assets: await services.assets.resolve(projectId, assetIdsOf(movie)),
    fonts: anyFonts,
    limits: engineLimits(services.settings),
    scope: projectId,
    ...anyRenderer,
    encoding: { ...anyRenderer.encoding, crf: renderOptions.crf },
  });
}

/** These only shape keys, which are thrown away. */
const anyRenderer = {
  renderer: 'check',
  encoding: { crf: 0, threads: 1, repeatsStills: true, audioBitsPerSecond: 192_000 },
} as const satisfies Partial<CompileInput>;

/** Null where a scene is as long as its media. */
function statedSeconds({ scenes }: Movie): number | null {
  return scenes.reduce<number | null>(
    (sum, { duration }) => (sum === null || duration === 'auto' ? null : sum + duration),
    0,
  );
}

/** One face of each family: which file is drawn with is the worker's business. */
const anyFonts: readonly FontReference[] = fontFamilies.map((family) => ({
  family,
  weight: 400,
  style: 'normal',
  sha256: '0'.repeat(64),
}));
