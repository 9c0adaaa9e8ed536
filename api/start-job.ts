import { isFinal } from '../contract/names.ts';
import type { ApiServices } from './services.ts';

/**
 * Tells Temporal of an accepted job and notes in the outbox that it knows. Safe to repeat and to run twice at once.
 * Throws UNAVAILABLE where Temporal is out of reach; the outbox loop comes back to it.
 */
export async function startJob(
  services: Pick<ApiServices, 'jobs' | 'outbox' | 'temporal'>,
  jobId: string,
): Promise<void> {
  const [job, origin] = await Promise.all([services.jobs.get(jobId), services.outbox.origin(jobId)]);
  // Cancelled or removed before Temporal heard of it: there is nothing to start.
  if (job !== null && !isFinal(job.status)) {
    await services.temporal.start({
      jobId,
      userId: job.userId,
      projectId: job.projectId,
      title: job.submission?.movie.title ?? '',
      plan: origin?.plan ?? null,
      traceParent: origin?.traceParent ?? null,
    });
  }
  await services.outbox.markStarted(jobId);
}
