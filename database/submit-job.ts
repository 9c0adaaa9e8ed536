import { RenderError } from '../contract/errors.ts';
import type { AcceptedJob, Idempotency, NewJob, Repetition, SubmitOutcome, Usage } from './ports.ts';
import { question } from './question.ts';
import type { Session } from './session.ts';

const IDEMPOTENCY_HOURS = 24;
/** Old keys that are forgotten with each new one. */
const FORGOTTEN_AT_ONCE_MAX = 100;
/** Sums of durations are not exact to the last digit. */
const MINUTES_TOLERANCE = 1e-6;

const questions = {
  lockUser: question('jobs/lock-user'),
  findIdempotent: question('jobs/find-idempotent'),
  rememberIdempotent: question('jobs/remember-idempotent'),
  forgetIdempotent: question('jobs/forget-idempotent'),
  findActiveEqual: question('jobs/find-active-equal'),
  usage: question('accounts/usage'),
  insert: question('jobs/insert'),
  insertOutbox: question('outbox/insert'),
  listen: question('webhooks/listen'),
};

/**
 * Records a submission in the transaction given. Submissions of one user run one after another, so what is counted here
 * is still true when the job is inserted: of two that race for the last minute, one gets it.
 */
export async function submitJob(session: Session, job: NewJob): Promise<SubmitOutcome> {
  const user = await session.first(questions.lockUser, job);
  if (user === null) throw new RenderError('NOT_FOUND', `There is no user "${job.userId}".`);
  const repeated =
    job.idempotency === null ? null : await findRepetition(session, job.userId, job.idempotency);
  if (repeated !== null) return repeated;
  const equal = job.reuseActive ? await session.first<AcceptedJob>(questions.findActiveEqual, job) : null;
  if (equal !== null) {
    await rememberIdempotent(session, job, { job: equal, isNew: false });
    return { kind: 'existing', job: equal };
  }
  const refusal = await findRefusal(session, job);
  if (refusal !== null) return refusal;
  await session.change(questions.insert, job);
  await session.change(questions.insertOutbox, job);
  const { callbackUrl } = job.submission;
  if (callbackUrl !== undefined)
    await session.change(questions.listen, { jobId: job.jobId, url: callbackUrl });
  const accepted: AcceptedJob = { jobId: job.jobId, status: 'queued' };
  await rememberIdempotent(session, job, { job: accepted, isNew: true });
  return { kind: 'created', job: accepted };
}

export async function findRepetition(
  session: Session,
  userId: string,
  { key, bodyHash }: Idempotency,
): Promise<Repetition | null> {
  const known = await session.first<AcceptedJob & { isNew: boolean; bodyHash: string }>(
    questions.findIdempotent,
    { userId, key, hours: IDEMPOTENCY_HOURS },
  );
  if (known === null) return null;
  if (known.bodyHash !== bodyHash) return { kind: 'idempotency-mismatch' };
  const { jobId, status, isNew } = known;
  return { kind: 'repeated', job: { jobId, status }, isNew };
}

async function rememberIdempotent(
  session: Session,
  { userId, idempotency }: NewJob,
  { job, isNew }: { readonly job: AcceptedJob; readonly isNew: boolean },
): Promise<void> {
  if (idempotency === null) return;
  await session.change(questions.forgetIdempotent, {
    hours: IDEMPOTENCY_HOURS,
    limit: FORGOTTEN_AT_ONCE_MAX,
  });
  await session.change(questions.rememberIdempotent, { ...idempotency, ...job, userId, isNew });
}

async function findRefusal(session: Session, job: NewJob): Promise<SubmitOutcome | null> {
  const { jobsAtOnce, minutesPerMonth, minutesPerDay } = job.limits;
  if ([jobsAtOnce, minutesPerMonth, minutesPerDay].every((limit) => limit === null)) return null;
  const usage = await session.first<Usage>(questions.usage, job);
  if (usage === null) throw new RenderError('INTERNAL', 'The usage question gave no row.');
  if (jobsAtOnce !== null && usage.activeJobs >= jobsAtOnce) return { kind: 'too-many-active' };
  return (
    minutesRefusal('month', job.minutes, minutesLeft(minutesPerMonth, usage.minutesThisMonth, usage)) ??
    minutesRefusal('day', job.minutes, minutesLeft(minutesPerDay, usage.minutesToday, usage))
  );
}

/** Minutes that active jobs will take are as good as spent. */
function minutesLeft(minutesMax: number | null, minutesUsed: number, usage: Usage): number {
  return minutesMax === null ? Number.POSITIVE_INFINITY : minutesMax - minutesUsed - usage.minutesReserved;
}

function minutesRefusal(period: 'month' | 'day', ...[minutes, left]: [number, number]): SubmitOutcome | null {
  if (left > 0 && minutes <= left + MINUTES_TOLERANCE) return null;
  return { kind: 'minutes-spent', period, minutesLeft: Math.max(0, left) };
}
