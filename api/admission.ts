import { RenderError } from '../contract/errors.ts';
import type { Movie } from '../contract/movie.ts';
import type { PlanRow, SubmitOutcome } from '../database/ports.ts';

export type Film = {
  readonly movie: Movie;
  /** Null where only a worker will tell. */
  readonly filmSeconds: number | null;
};

/** The largest that its column holds: the engine's own limit holds alone. */
const NO_LIMIT_SECONDS = 2_147_483_647;

/** Refuses a user whose plan has no API, before anything of a request is read. */
export function admitToApi(plan: PlanRow): void {
  if (plan.hasApi) return;
  throw forbidden(plan, 'has no access to the API', 'Only GET /v1/me and GET /v1/usage are open to it.');
}

/** Refuses what the plan does not allow in itself. Jobs and minutes are counted later, in the transaction of the insert. */
export function admit(plan: PlanRow, film: Film): void {
  refuseLargePicture(plan, film);
  refuseLongFilm(plan, film);
}

/** Why the transaction did not take a job. */
export function refusal(outcome: Refused, minutes: number): RenderError {
  switch (outcome.kind) {
    case 'too-many-active':
      return new RenderError('CONCURRENCY_LIMIT_EXCEEDED', 'As many jobs are active as the plan allows.', {
        hint: 'Wait for one to end or cancel one; GET /v1/usage tells how many are active and allowed.',
      });
    case 'minutes-spent': {
      const code = outcome.period === 'month' ? 'RENDER_QUOTA_EXCEEDED' : 'RENDER_QUOTA_DAILY_EXCEEDED';
      const left = `The film takes ${inMinutes(minutes)}; ${inMinutes(outcome.minutesLeft)} of this ${outcome.period} are left.`;
      return new RenderError(code, left, { hint: 'GET /v1/usage tells what is used and reserved.' });
    }
  }
}

type Refused = Extract<SubmitOutcome, { readonly kind: 'too-many-active' | 'minutes-spent' }>;

function inMinutes(minutes: number): string {
  return `${Number(minutes.toFixed(2))} min`;
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
      'Make movie.width and movie.height smaller, or ask the operator for another plan.',
    );
  }
}

function refuseLongFilm(plan: PlanRow, { filmSeconds }: Film): void {
  if (filmSeconds === null) {
    refuseUnknownLength(plan);
    return;
  }
  if (filmSeconds <= plan.filmSecondsMax) return;
  throw forbidden(
    plan,
    `allows films up to ${plan.filmSecondsMax} s, not ${Math.ceil(filmSeconds)} s`,
    'Shorten the scenes, or ask the operator for another plan.',
  );
}

/** Else whoever has used up their minutes would send a document that is too large to be measured here. */
function refuseUnknownLength(plan: PlanRow): void {
  const { minutesPerMonth, minutesPerDay, filmSecondsMax } = plan;
  const isCounted = minutesPerMonth !== null || minutesPerDay !== null || filmSecondsMax < NO_LIMIT_SECONDS;
  if (!isCounted) return;
  throw forbidden(
    plan,
    'has limits of length, and a document of more than 10,000 layers is not measured',
    'State the duration of every scene instead of "auto".',
  );
}

function forbidden(plan: PlanRow, reason: string, hint: string): RenderError {
  return new RenderError('FORBIDDEN', `The plan "${plan.plan}" ${reason}.`, { hint });
}
