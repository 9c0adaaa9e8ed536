// What is told to a job's callbackUrl, and how its delivery went.
import { z } from 'zod';
import { ChildCounts, MediaData } from './job.ts';
import { jobStatuses, phases } from './names.ts';

/** The body that is posted: progress while the job runs, and how it ended. */
export const WebhookEvent = z.object({
  jobId: z.string(),
  status: z.enum(jobStatuses),
  phase: z.enum(phases).nullable(),
  progress: z.number().min(0).max(1),
  children: ChildCounts,
  outputUrl: z.string().nullable().describe('Of a job that is done; signed anew for each attempt.'),
  timestamp: z.string().describe('When the job came into this state.'),
  mediaData: MediaData.optional().describe('Of a job that is done.'),
  error: z.string().optional().describe('Of a job that failed.'),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;

const webhookEnds = ['done', 'failed', 'cancelled'] as const;
export type WebhookEnd = (typeof webhookEnds)[number];

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

const WebhookAttempt = z.object({
  number: z.int().describe('Counted from 1.'),
  startedAt: z.string(),
  durationMs: z.int(),
  httpStatus: z.int().nullable().describe('Of the answer; null where there was none.'),
  error: z.string().nullable(),
});

export const WebhookDelivery = z.object({
  deliveryId: z.string().describe('The `webhook-id` header, equal on every attempt.'),
  jobId: z.string(),
  url: z.string(),
  event: z.enum(webhookEnds).describe('How the job ended.'),
  status: z.enum(deliveryStatuses).describe('failed: not accepted in all the time for retries.'),
  attemptCount: z.int(),
  attempts: z.array(WebhookAttempt).describe('The last 50.'),
  nextAttemptAt: z.string().nullable().describe('Null where no attempt is to come.'),
  deliveredAt: z.string().nullable(),
  createdAt: z.string(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const WebhookDeliveryList = z.object({
  deliveries: z.array(WebhookDelivery),
  nextCursor: z.string().nullable(),
});
export type WebhookDeliveryList = z.infer<typeof WebhookDeliveryList>;

/** What is known of a secret without the secret. */
export const WebhookSecretState = z.object({
  createdAt: z.string().nullable().describe('Null where none was made yet.'),
  previousUntil: z
    .string()
    .nullable()
    .describe('Until then `webhook-signature` holds a signature by the secret before, too.'),
});
export type WebhookSecretState = z.infer<typeof WebhookSecretState>;

export const NewWebhookSecret = WebhookSecretState.extend({
  secret: z.string().describe('`whsec_…`. Shown this once.'),
  createdAt: z.string(),
});
export type NewWebhookSecret = z.infer<typeof NewWebhookSecret>;
