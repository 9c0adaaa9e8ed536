// What the API asks the database about webhooks. Rows are plain data; times are Dates.
import type { ChildCounts, MediaData } from '../contract/job.ts';
import type { JobStatus, Phase } from '../contract/names.ts';
import type { DeliveryStatus, WebhookEnd } from '../contract/webhook.ts';

/** What is told of a job, whatever becomes of the job meanwhile. */
type Told = {
  readonly jobId: string;
  readonly userId: string;
  readonly url: string;
  readonly progress: number;
  readonly children: ChildCounts;
  readonly occurredAt: Date;
};

/** A final event, to be sent now. */
export type DueDelivery = Told & {
  readonly deliveryId: string;
  readonly status: WebhookEnd;
  readonly mediaData: MediaData | null;
  readonly error: string | null;
  /** Null where there is no film, or none any more. */
  readonly outputKey: string | null;
  /** Counted from 1, resends included. */
  readonly attempt: number;
  /** The same, counted anew from each resend. */
  readonly retry: number;
};

/** A progress event, to be sent now. */
export type DueProgress = Told & {
  readonly status: JobStatus;
  readonly phase: Phase | null;
  /** Counts the progress events of the job. */
  readonly count: number;
};

export type ClaimBounds = {
  readonly limit: number;
  readonly perUserMax: number;
  /** After this long without an outcome somebody else may send it. */
  readonly leaseMs: number;
};

export type AttemptOutcome = {
  readonly deliveryId: string;
  readonly attempt: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly isDelivered: boolean;
  /** Until the next attempt, where there is one. */
  readonly pauseMs: number;
  /** How long a delivery is retried. */
  readonly retryMs: number;
};

/** Secrets are made from the number of their generation; 0 is the one that nobody was shown. */
export type SecretRow = { readonly generation: number; readonly createdAt: Date };

/** For those who send. Several processes may ask at once; each event goes to one of them. */
export interface WebhookQueue {
  claim(bounds: ClaimBounds): Promise<readonly DueDelivery[]>;
  settle(outcome: AttemptOutcome): Promise<void>;
  /** Each job again after `pauseMs`. */
  claimProgress(bounds: ClaimBounds & { readonly pauseMs: number }): Promise<readonly DueProgress[]>;
  /** The next one comes after `pauseMs`, and not before the time said at the claim. */
  settleProgress(event: Pick<DueProgress, 'jobId' | 'count'> & { readonly pauseMs: number }): Promise<void>;
  secret(userId: string): Promise<SecretRow | null>;
  /** Removes ended deliveries past their time, a bounded number of them; returns whether that was all. */
  removeOld(keepDays: number): Promise<boolean>;
}

export type AttemptRow = {
  readonly number: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly error: string | null;
};

export type DeliveryRow = {
  readonly deliveryId: string;
  readonly jobId: string;
  readonly url: string;
  readonly event: WebhookEnd;
  readonly status: DeliveryStatus;
  readonly attemptCount: number;
  readonly attempts: readonly AttemptRow[];
  readonly nextAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly createdAt: Date;
};

export type DeliveryFilter = {
  readonly jobId: string | null;
  readonly status: DeliveryStatus | null;
  readonly limit: number;
  /** From the previous page; opaque to callers. */
  readonly cursor: string | null;
};

/** For callers; every question names the user, and another user's delivery is not found. */
export interface WebhookRepository {
  list(
    userId: string,
    filter: DeliveryFilter,
  ): Promise<{ readonly deliveries: readonly DeliveryRow[]; readonly nextCursor: string | null }>;
  find(userId: string, deliveryId: string): Promise<DeliveryRow | null>;
  /** Has it sent again at once, under the same id; false where there is no such delivery. */
  resend(userId: string, deliveryId: string): Promise<boolean>;
  secret(userId: string): Promise<SecretRow | null>;
  /** Makes the next generation. */
  renewSecret(userId: string): Promise<SecretRow>;
}
