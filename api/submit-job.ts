import { RenderError } from '../contract/errors.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import type { AcceptedJob, NewJob, Repetition } from '../database/ports.ts';
import { traceParent } from '../telemetry/tracer.ts';
import { admit, refusal } from './admission.ts';
import type { Caller } from './authenticate.ts';
import { checkDocument } from './check-document.ts';
import { tryStart } from './outbox-loop.ts';
import { requireProject } from './own-project.ts';
import { invalidDocument } from './read-document.ts';
import type { ApiServices } from './services.ts';

export type Submit = {
  readonly caller: Caller;
  readonly submission: RenderSubmission;
  readonly sentMovie: NewJob['sentMovie'];
  readonly idempotency: NewJob['idempotency'];
};

export type Submitted = { readonly job: AcceptedJob; readonly isNew: boolean };

/** Records a submission that was read and sees to its start: a new job, or the one that does the same already. */
export async function submitJob(
  services: ApiServices,
  { caller, submission, sentMovie, idempotency }: Submit,
): Promise<Submitted> {
  const { user, plan } = caller;
  await requireProject(services, user.userId, submission.projectId);
  const checked = await checkDocument(services, user.userId, submission);
  if (checked.kind === 'refused') throw invalidDocument(checked.issues);
  const { filmSeconds } = checked;
  admit(plan, { movie: submission.movie, filmSeconds });
  const minutes = (filmSeconds ?? 0) / 60;
  const outcome = await services.jobs.submit({
    jobId: `job_${services.newId()}`,
    userId: user.userId,
    projectId: submission.projectId,
    submission,
    sentMovie,
    documentHash: await services.judge.run(user.userId, 'hashDocument', submission),
    reuseActive: submission.renderOptions.reuseActive,
    idempotency,
    traceParent: traceParent(services.tracer),
    minutes,
    limits: plan,
    now: null,
  });
  switch (outcome.kind) {
    case 'created':
      // Not waited for: the job is recorded, and the outbox loop starts it should this attempt fail.
      void tryStart(services, outcome.job.jobId);
      return { job: outcome.job, isNew: true };
    case 'existing':
      return { job: outcome.job, isNew: false };
    case 'repeated':
    case 'idempotency-mismatch':
      return sameAnswer(outcome);
    case 'too-many-active':
    case 'minutes-spent':
      throw refusal(outcome, minutes);
  }
}

/**
 * The answer that a key and body were given before, without looking at the document again: that its media or the minutes
 * are gone by now does not change it. Null for a new key.
 */
export async function repeatAnswer(
  services: Pick<ApiServices, 'jobs'>,
  caller: Caller,
  idempotency: Submit['idempotency'],
): Promise<Submitted | null> {
  if (idempotency === null) return null;
  const repetition = await services.jobs.repetition(caller.user.userId, idempotency);
  return repetition === null ? null : sameAnswer(repetition);
}

function sameAnswer(repetition: Repetition): Submitted {
  if (repetition.kind === 'repeated') return repetition;
  throw new RenderError('IDEMPOTENCY_MISMATCH', 'The idempotency key was used with another body.', {
    hint: 'Send another key with this body; a key holds for 24 hours.',
  });
}
