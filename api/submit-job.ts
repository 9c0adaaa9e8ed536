import { RenderError } from '../contract/errors.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import type { AcceptedJob, NewJob } from '../database/ports.ts';
import { activeJobsMax, admit } from './admission.ts';
import type { Caller } from './authenticate.ts';
import { checkDocument } from './check-document.ts';
import { tryStart } from './outbox-loop.ts';
import { requireProject } from './own-project.ts';
import { invalidDocument } from './read-document.ts';
import type { ApiServices } from './services.ts';

export type Submit = {
  readonly caller: Caller;
  readonly submission: RenderSubmission;
  readonly idempotency: NewJob['idempotency'];
};

/** Records a submission that was read and sees to its start: a new job, or the one that does the same already. */
export async function submitJob(
  services: ApiServices,
  { caller, submission, idempotency }: Submit,
): Promise<{ readonly job: AcceptedJob; readonly isNew: boolean }> {
  const { userId } = caller.user;
  await requireProject(services, userId, submission.projectId);
  const checked = await checkDocument(services, submission);
  if (checked.kind === 'refused') throw invalidDocument(checked.issues);
  await admit(services, caller, { movie: submission.movie, filmSeconds: checked.filmSeconds });
  const outcome = await services.jobs.submit({
    jobId: `job_${services.newId()}`,
    userId,
    projectId: submission.projectId,
    submission,
    documentHash: await services.judge.run('hashDocument', submission),
    reuseActive: submission.renderOptions.reuseActive,
    idempotency,
    activeJobsMax: activeJobsMax(caller.plan),
  });
  switch (outcome.kind) {
    case 'created':
      // Not waited for: the job is recorded, and the outbox loop starts it should this attempt fail.
      void tryStart(services, outcome.job.jobId);
      return { job: outcome.job, isNew: true };
    case 'existing':
      return { job: outcome.job, isNew: false };
    case 'idempotency-mismatch':
      throw new RenderError('IDEMPOTENCY_MISMATCH', 'The idempotency key was used with another body.');
    case 'too-many-active':
      throw new RenderError('CONCURRENCY_LIMIT_EXCEEDED', 'As many jobs are active as the plan allows.');
  }
}
