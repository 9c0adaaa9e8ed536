import type { PlanHashes, PlanHashIndex } from '../../database/plan-hash-index.ts';

/** What the files of plans must be, in memory. */
export class FakePlanHashes implements PlanHashIndex {
  readonly rows = new Map<string, PlanHashes>();

  record(jobId: string, hashes: PlanHashes): Promise<void> {
    this.rows.set(jobId, hashes);
    return Promise.resolve();
  }

  find(jobId: string): Promise<PlanHashes | null> {
    return Promise.resolve(this.rows.get(jobId) ?? null);
  }
}
