import { RenderError } from '../contract/errors.ts';
import { isFinal } from '../contract/names.ts';
import type { JobRow } from '../database/ports.ts';
import type { ApiServices } from './services.ts';

/** Stops an active job. Its workflow ends it; a job that Temporal never heard of is ended here. */
export async function cancelJob(
  services: Pick<ApiServices, 'jobs' | 'outbox' | 'temporal'>,
  job: JobRow,
): Promise<void> {
  if (job.parentJobId !== null) {
    throw new RenderError('INVALID_STATE', 'A scene is cancelled with its job.', {
      hint: `Cancel ${job.parentJobId}.`,
    });
  }
  if (isFinal(job.status)) throw new RenderError('INVALID_STATE', `The job has ended: it is ${job.status}.`);
  // Temporal first: were it out of reach after the row said cancelled, the encoders would run on unseen.
  const answer = await services.temporal.cancel(job.jobId);
  if (answer === 'requested') {
    await services.jobs.noteCancel(job.jobId);
    return;
  }
  await services.jobs.cancel(job.jobId);
  await services.outbox.markStarted(job.jobId);
}
