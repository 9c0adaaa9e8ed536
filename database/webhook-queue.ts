import { question } from './question.ts';
import type { Pool } from './session.ts';
import type {
  AttemptOutcome,
  ClaimBounds,
  DueDelivery,
  DueProgress,
  SecretRow,
  WebhookQueue,
} from './webhook-ports.ts';

/** Of one delivery; a day of retries has about forty, resends have more. */
const ATTEMPTS_KEPT = 50;
const REMOVED_AT_ONCE_MAX = 1_000;

const questions = {
  claim: question('webhooks/claim'),
  recordAttempt: question('webhooks/record-attempt'),
  settle: question('webhooks/settle'),
  forgetAttempts: question('webhooks/forget-attempts'),
  claimProgress: question('webhooks/claim-progress'),
  settleProgress: question('webhooks/settle-progress'),
  secret: question('webhooks/secret'),
  removeOld: question('webhooks/remove-old'),
};

/** Events that are due, in Postgres. Which process has one is written beside it, with an end. */
export class PgWebhookQueue implements WebhookQueue {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  claim(bounds: ClaimBounds): Promise<readonly DueDelivery[]> {
    return this.#pool.all(questions.claim, bounds);
  }

  async settle(told: AttemptOutcome): Promise<void> {
    // Postgres text cannot hold NUL, and an error may quote what the receiver sent.
    const outcome = { ...told, error: told.error?.replaceAll('\0', '') ?? null };
    await this.#pool.changeAll('settle a delivery', [
      [questions.recordAttempt, outcome],
      [questions.settle, outcome],
      [questions.forgetAttempts, { ...outcome, attemptsMax: ATTEMPTS_KEPT }],
    ]);
  }

  claimProgress(bounds: ClaimBounds & { readonly pauseMs: number }): Promise<readonly DueProgress[]> {
    return this.#pool.all(questions.claimProgress, bounds);
  }

  async settleProgress(
    event: Pick<DueProgress, 'jobId' | 'count'> & { readonly pauseMs: number },
  ): Promise<void> {
    await this.#pool.change(questions.settleProgress, event);
  }

  secret(userId: string): Promise<SecretRow | null> {
    return this.#pool.first(questions.secret, { userId });
  }

  async removeOld(keepDays: number): Promise<boolean> {
    const removed = await this.#pool.change(questions.removeOld, { keepDays, limit: REMOVED_AT_ONCE_MAX });
    return removed < REMOVED_AT_ONCE_MAX;
  }
}
