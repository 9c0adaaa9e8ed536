import type { PlanHashes, PlanHashIndex } from './plan-hash-index.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

const questions = { record: question('plan-hashes/record'), find: question('plan-hashes/find') };

/** What the stored files of each job's plan must be. */
export class PgPlanHashes implements PlanHashIndex {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async record(jobId: string, hashes: PlanHashes): Promise<void> {
    await this.#pool.change(questions.record, { jobId, ...hashes });
  }

  find(jobId: string): Promise<PlanHashes | null> {
    return this.#pool.first<PlanHashes>(questions.find, { jobId });
  }
}
