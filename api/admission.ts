import { RenderError } from '../contract/errors.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import type { PlanRow } from '../database/ports.ts';
import type { Caller } from './authenticate.ts';
import type { ApiServices } from './services.ts';

/** Refuses what the caller's plan does not allow. How many jobs are active is counted later, with the insert. */
export async function admit(
  services: Pick<ApiServices, 'accounts' | 'clock'>,
  caller: Caller,
  submission: RenderSubmission,
): Promise<void> {
  const { plan } = caller;
  if (!plan.hasApi) throw forbidden(plan, 'has no access to the API');
  refuseLargePicture(plan, submission);
  refuseLongFilm(plan, submission);
  await refuseSpentMinutes(services, caller);
}

/** The bound for the transaction that inserts the job; null: none. */
export function activeJobsMax(plan: PlanRow): number | null {
  return plan.jobsAtOnce;
}

/** A plan's picture size holds for either orientation: 1280×720 allows 720×1280. */
function refuseLargePicture(plan: PlanRow, { movie }: RenderSubmission): void {
  const [short, long] = [Math.min(movie.width, movie.height), Math.max(movie.width, movie.height)];
  const shortMax = Math.min(plan.widthMax, plan.heightMax);
  const longMax = Math.max(plan.widthMax, plan.heightMax);
  if (short > shortMax || long > longMax) {
    throw forbidden(
      plan,
      `allows pictures up to ${plan.widthMax}×${plan.heightMax}, not ${movie.width}×${movie.height}`,
    );
  }
}

/**
 * Counts the scenes whose length the document states. Scenes of "auto" length are known only once their media are
 * looked up; the plan compiler holds the whole film against the engine's limit.
 */
function refuseLongFilm(plan: PlanRow, { movie }: RenderSubmission): void {
  const lengths = movie.scenes.map(({ duration }) => (duration === 'auto' ? 0 : duration));
  const seconds = lengths.reduce((sum, length) => sum + length, 0);
  if (seconds > plan.filmSecondsMax) {
    throw forbidden(plan, `allows films up to ${plan.filmSecondsMax} s, not ${Math.ceil(seconds)} s`);
  }
}

async function refuseSpentMinutes(
  services: Pick<ApiServices, 'accounts' | 'clock'>,
  { user, plan }: Caller,
): Promise<void> {
  if (plan.minutesPerMonth === null && plan.minutesPerDay === null) return;
  const usage = await services.accounts.usage(user.userId, services.clock());
  if (plan.minutesPerMonth !== null && usage.minutesThisMonth >= plan.minutesPerMonth) {
    throw new RenderError('RENDER_QUOTA_EXCEEDED', 'The render minutes of this month are used up.');
  }
  if (plan.minutesPerDay !== null && usage.minutesToday >= plan.minutesPerDay) {
    throw new RenderError('RENDER_QUOTA_DAILY_EXCEEDED', 'The render minutes of this day are used up.');
  }
}

function forbidden(plan: PlanRow, reason: string): RenderError {
  return new RenderError('FORBIDDEN', `The plan "${plan.plan}" ${reason}.`);
}
