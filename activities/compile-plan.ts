// Phases "planning" and, for the first time, "dispatching": the accepted document, the facts of its assets, and the plan that
// comes of them.
import { RenderError } from '../contract/errors.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import type { JobRow } from '../database/ports.ts';
import { compileMovie } from '../plan-compiler/compile-movie.ts';
import type { CompileInput, CompileResult } from '../plan-compiler/compile-types.ts';
import { assetIdsOf } from '../plan-compiler/movie-assets.ts';
import type { JobRef, PlannedJob } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { dispatchPlan } from './dispatch-scenes.ts';
import { requireSubmission } from './job-submission.ts';
import type { ControlServices } from './services.ts';

/** AAC bits per second of every film. */
const audioBitsPerSecond = 192_000;

export async function compilePlan(
  services: ControlServices,
  { jobId }: JobRef,
  run: ActivityRun,
): Promise<PlannedJob> {
  const { job, submission } = await requireSubmission(services.jobs, jobId);
  const [input] = await Promise.all([
    compileInput(services, job, submission),
    services.jobs.enterPhase(jobId, 'running', 'planning', 'loading_project'),
  ]);
  const result = compileMovie(input);
  if (result.kind === 'refused') throw refusal(result);
  await services.plans.write(jobId, result, run.signal);
  return {
    scenes: result.plan.scenes.length,
    title: submission.movie.title.slice(0, 100),
    jobSecondsMax: services.jobSecondsMax,
    dispatched: await dispatchPlan(services, { job, submission, plan: result.plan }, run),
  };
}

async function compileInput(
  services: ControlServices,
  job: JobRow,
  submission: RenderSubmission,
): Promise<CompileInput> {
  const { movie, renderOptions } = submission;
  return {
    movie,
    assets: await services.assets.resolve(job.projectId, assetIdsOf(movie)),
    fonts: services.fonts,
    limits: services.limits,
    scope: job.projectId,
    renderer: services.renderer,
    encoding: { ...services.encoding, crf: renderOptions.crf, audioBitsPerSecond },
  };
}

/** The first faults in the text; the API refuses most documents long before this. */
function refusal(result: CompileResult & { readonly kind: 'refused' }): RenderError {
  const shown = result.issues.slice(0, 5).map((issue) => `${issue.path}: ${issue.message}`);
  const more = result.issues.length - shown.length;
  const text = more > 0 ? [...shown, `and ${more} more`] : shown;
  const hint = result.issues.find((issue) => issue.hint !== null)?.hint;
  return new RenderError(
    'VALIDATION_ERROR',
    text.join(' · '),
    hint === undefined || hint === null ? {} : { hint },
  );
}
