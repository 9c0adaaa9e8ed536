/** SHA-256 of the two files that a plan is stored in. */
export type PlanHashes = { readonly plan: string; readonly sources: string };

/** What those files must be when they come back from the store. */
export interface PlanHashIndex {
  /** Recording a job's plan again replaces what was recorded. */
  record(jobId: string, hashes: PlanHashes): Promise<void>;
  find(jobId: string): Promise<PlanHashes | null>;
}
