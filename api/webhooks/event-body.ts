import type { WebhookEvent } from '../../contract/webhook.ts';
import type { DueDelivery, DueProgress } from '../../database/webhook-ports.ts';
import type { ObjectLinks } from '../object-links.ts';

/** What is told while a job runs. */
export function progressEvent(due: DueProgress): WebhookEvent {
  const { jobId, status, phase, progress, children, occurredAt } = due;
  return { jobId, status, phase, progress, children, outputUrl: null, timestamp: occurredAt.toISOString() };
}

/** How a job ended. The link to the film is signed anew each time: one of a day ago would have expired. */
export function finalEvent(due: DueDelivery, links: ObjectLinks): WebhookEvent {
  const { jobId, status, progress, children, occurredAt, mediaData, error, outputKey } = due;
  return {
    jobId,
    status,
    phase: null,
    progress,
    children,
    outputUrl: status === 'done' && outputKey !== null ? links.link(outputKey).url : null,
    timestamp: occurredAt.toISOString(),
    ...(status === 'done' && mediaData !== null ? { mediaData } : {}),
    ...(status === 'failed' && error !== null ? { error } : {}),
  };
}
