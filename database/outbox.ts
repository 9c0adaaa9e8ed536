import type { JobOrigin, OutboxRepository, QuietSearch } from './ports.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

const questions = {
  pending: question('outbox/pending'),
  markStarted: question('outbox/mark-started'),
  quiet: question('outbox/quiet'),
  origin: question('outbox/origin'),
};

/** Accepted jobs that Temporal does not know yet. */
export class PgOutbox implements OutboxRepository {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  pending(limit: number): Promise<readonly { readonly jobId: string; readonly userId: string }[]> {
    return this.#pool.all(questions.pending, { limit });
  }

  quiet(search: QuietSearch): Promise<readonly { readonly jobId: string }[]> {
    return this.#pool.all(questions.quiet, search);
  }

  origin(jobId: string): Promise<JobOrigin | null> {
    return this.#pool.first(questions.origin, { jobId });
  }

  async markStarted(jobId: string): Promise<void> {
    await this.#pool.change(questions.markStarted, { jobId });
  }
}
