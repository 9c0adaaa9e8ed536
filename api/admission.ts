import { RenderError } from '../contract/errors.ts';
import type { Movie } from '../contract/movie.ts';
import type { PlanRow } from '../database/ports.ts';
import type { Caller } from './authenticate.ts';
import type { ApiServices } from './services.ts';

export type Film = { readonly movie: Movie; readonly filmSeconds: number };

/** Refuses what the caller's plan does not allow. How many jobs are active is counted later, with the insert. */
export async function admit(
  services: Pick<ApiServices, 'accounts' | 'clock'>,
  caller: Caller,
  film: Film,
): Promise<void> {
  const { plan } = caller;
  if (!plan.hasApi) throw forbidden(plan, 'has no access to the API');
  refuseLargePicture(plan, film);
  refuseLongFilm(plan, film);
  await refuseSpentMinutes(services, caller);
}

/** The bound for the transaction that inserts the job; null: none. */
export function activeJobsMax(plan: PlanRow): number | null {
  return plan.jobsAtOnce;
}

/** A plan's picture size holds for either orientation: 1280×720 allows 720×1280. */
function refuseLargePicture(plan: PlanRow, { movie }: Film): void {
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

function refuseLongFilm(plan: PlanRow, { filmSeconds }: Film): void {
  if (filmSeconds <= plan.filmSecondsMax) return;
  throw forbidden(plan, `allows films up to ${plan.filmSecondsMax} s, not ${Math.ceil(filmSeconds)} s`);
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
