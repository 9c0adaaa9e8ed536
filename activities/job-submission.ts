import { RenderError } from '../contract/errors.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import type { JobRepository, JobRow } from '../database/ports.ts';

/** The job's row with the document it was submitted with. Fails where the row is gone: then there is nothing to do. */
export async function requireSubmission(
  jobs: JobRepository,
  jobId: string,
): Promise<{ readonly job: JobRow; readonly submission: RenderSubmission }> {
  const job = await jobs.get(jobId);
  if (job?.submission === undefined || job.submission === null) {
    throw new RenderError('INTERNAL', `The job ${jobId} has no document.`, { retryable: false });
  }
  return { job, submission: job.submission };
}
