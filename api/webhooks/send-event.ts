import type { FastifyBaseLogger } from 'fastify';
import type { Settings } from '../../contract/settings.ts';
import type { WebhookEvent } from '../../contract/webhook.ts';
import type { DueDelivery, DueProgress, WebhookQueue } from '../../database/webhook-ports.ts';
import type { DeliveryOutcome } from '../../telemetry/webhook-metrics.ts';
import type { ObjectLinks } from '../object-links.ts';
import type { AllowedNetworks } from './address.ts';
import type { ResolveHost } from './checked-socket.ts';
import { finalEvent, progressEvent } from './event-body.ts';
import { type PostOutcome, postEvent } from './post-event.ts';
import { retryPauseMs } from './retry-pause.ts';
import { currentSecrets } from './secrets.ts';
import { signedHeaders } from './signature.ts';

/** What sending needs from outside. */
export type SendServices = {
  readonly settings: Settings;
  readonly log: FastifyBaseLogger;
  readonly clock: () => Date;
  readonly queue: WebhookQueue;
  readonly links: ObjectLinks;
  readonly allowed: AllowedNetworks;
  readonly resolve: ResolveHost;
  /** Told how each attempt to deliver an end ended. */
  readonly onDelivery?: (outcome: DeliveryOutcome) => void;
  /** Trusted instead of the system's own, in PEM. */
  readonly certificates?: string;
  /** Of one attempt; default: `ATTEMPT_MS_MAX`. */
  readonly deadlineMs?: number;
};

/** From looking up the host to the end of the answer. */
export const ATTEMPT_MS_MAX = 10_000;

const HOUR_MS = 3_600_000;
/** After a progress event that was not accepted: a receiver that is down is not asked ten times a minute. */
const UNHEARD_PAUSE_MS = 60_000;

/** One attempt to deliver how a job ended, and the record of it. Where the signal ends it, nothing is recorded: the lease runs out. */
export async function sendFinal(
  services: SendServices,
  due: DueDelivery,
  signal: AbortSignal,
): Promise<void> {
  const { settings, queue, links, log } = services;
  const { deliveryId, jobId, attempt } = due;
  const startedAt = services.clock();
  const message = { id: deliveryId, event: finalEvent(due, links) };
  const outcome = await send(services, { ...due, ...message }, signal);
  if (signal.aborted) return;
  const isDelivered = outcome.error === null;
  await queue.settle({
    deliveryId,
    attempt,
    startedAt,
    isDelivered,
    ...outcome,
    pauseMs: retryPauseMs(due.retry, settings.WEBHOOK_RETRY_SECONDS * 1000, Math.random),
    retryMs: settings.WEBHOOK_RETRY_HOURS * HOUR_MS,
  });
  services.onDelivery?.(isDelivered ? 'delivered' : 'not_accepted');
  // Without the URL, whose path and query may hold what only its owner should know.
  const told = { deliveryId, jobId, attempt, ...outcome };
  if (isDelivered) log.info(told, 'a webhook was delivered');
  else log.warn(told, 'a webhook was not accepted');
}

/** The same for progress, which is not retried: the next one says more. */
export async function sendProgress(
  services: SendServices,
  due: DueProgress,
  signal: AbortSignal,
): Promise<void> {
  const { jobId, count } = due;
  const message = { id: `progress_${jobId}_${count}`, event: progressEvent(due) };
  const outcome = await send(services, { ...due, ...message }, signal);
  const pauseMs = outcome.error === null ? 0 : UNHEARD_PAUSE_MS;
  await services.queue.settleProgress({ jobId, count, pauseMs });
  if (outcome.error !== null) services.log.debug({ jobId, ...outcome }, 'a progress event was not accepted');
}

type Outgoing = {
  readonly id: string;
  readonly userId: string;
  readonly url: string;
  readonly event: WebhookEvent;
};

async function send(
  services: SendServices,
  { id, userId, url, event }: Outgoing,
  signal: AbortSignal,
): Promise<PostOutcome> {
  const secrets = currentSecrets(services, userId, await services.queue.secret(userId));
  const body = JSON.stringify(event);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'scenemill-webhooks/1',
    ...signedHeaders({ id, sentAt: services.clock(), body }, secrets),
  };
  const deadlineMs = services.deadlineMs ?? ATTEMPT_MS_MAX;
  return postEvent({ url: new URL(url), headers, body }, { ...services, deadlineMs, signal });
}
