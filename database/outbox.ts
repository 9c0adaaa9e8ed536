import type { OutboxRepository } from './ports.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

const questions = { pending: question('outbox/pending'), markStarted: question('outbox/mark-started') };

/** Accepted jobs that Temporal does not know yet. */
export class PgOutbox implements OutboxRepository {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  pending(limit: number): Promise<readonly { readonly jobId: string; readonly userId: string }[]> {
    return this.#pool.all(questions.pending, { limit });
  }

  async markStarted(jobId: string): Promise<void> {
    await this.#pool.change(questions.markStarted, { jobId });
  }
}
