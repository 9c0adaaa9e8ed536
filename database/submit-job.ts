import { RenderError } from '../contract/errors.ts';
import type { AcceptedJob, NewJob, SubmitOutcome } from './ports.ts';
import { question } from './question.ts';
import type { Session } from './session.ts';

const IDEMPOTENCY_HOURS = 24;

const questions = {
  lockUser: question('jobs/lock-user'),
  findIdempotent: question('jobs/find-idempotent'),
  rememberIdempotent: question('jobs/remember-idempotent'),
  findActiveEqual: question('jobs/find-active-equal'),
  countActive: question('jobs/count-active'),
  insert: question('jobs/insert'),
  insertOutbox: question('outbox/insert'),
  listen: question('webhooks/listen'),
  accepted: question('jobs/accepted'),
};

/** Records a submission in the transaction given. Submissions of one user run one after another. */
export async function submitJob(session: Session, job: NewJob): Promise<SubmitOutcome> {
  const user = await session.first(questions.lockUser, job);
  if (user === null) throw new RenderError('NOT_FOUND', `There is no user "${job.userId}".`);
  const repeated = await findRepeated(session, job);
  if (repeated !== null) return repeated;
  const equal = job.reuseActive ? await session.first<AcceptedJob>(questions.findActiveEqual, job) : null;
  if (equal !== null) {
    await rememberIdempotent(session, job, equal.jobId);
    return { kind: 'existing', job: equal };
  }
  if (await isAtLimit(session, job)) return { kind: 'too-many-active' };
  await session.change(questions.insert, job);
  await session.change(questions.insertOutbox, job);
  const { callbackUrl } = job.submission;
  if (callbackUrl !== undefined) await session.change(questions.listen, { jobId: job.jobId, url: callbackUrl });
  await rememberIdempotent(session, job, job.jobId);
  return { kind: 'created', job: await acceptedJob(session, job.jobId) };
}

async function findRepeated(session: Session, job: NewJob): Promise<SubmitOutcome | null> {
  if (job.idempotency === null) return null;
  const known = await session.first<{ jobId: string; bodyHash: string }>(questions.findIdempotent, {
    userId: job.userId,
    key: job.idempotency.key,
    hours: IDEMPOTENCY_HOURS,
  });
  if (known === null) return null;
  if (known.bodyHash !== job.idempotency.bodyHash) return { kind: 'idempotency-mismatch' };
  return { kind: 'existing', job: await acceptedJob(session, known.jobId) };
}

async function rememberIdempotent(session: Session, job: NewJob, jobId: string): Promise<void> {
  if (job.idempotency === null) return;
  await session.change(questions.rememberIdempotent, { ...job.idempotency, userId: job.userId, jobId });
}

async function isAtLimit(session: Session, job: NewJob): Promise<boolean> {
  if (job.activeJobsMax === null) return false;
  const count = await session.first<{ active: number }>(questions.countActive, job);
  return (count?.active ?? 0) >= job.activeJobsMax;
}

async function acceptedJob(session: Session, jobId: string): Promise<AcceptedJob> {
  const row = await session.first<AcceptedJob>(questions.accepted, { jobId });
  if (row === null) throw new RenderError('INTERNAL', `The job "${jobId}" vanished while it was submitted.`);
  return row;
}
