import type { JobStatus } from '../contract/names.ts';
import type { ColdClip, ColdSearch, HousekeepingRepository } from './housekeeping-port.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

const questions = {
  coldClips: question('housekeeping/cold-clips'),
  forgetCold: question('housekeeping/forget-cold'),
  knownClips: question('housekeeping/known-clips'),
  statuses: question('housekeeping/statuses'),
  outdatedOutputs: question('housekeeping/outdated-outputs'),
  expireOutput: question('housekeeping/expire-output'),
  dropLapsedClaims: question('housekeeping/drop-lapsed-claims'),
  knownAssets: question('housekeeping/known-assets'),
  countOldHistory: question('housekeeping/count-old-history'),
  forgetHistory: question('housekeeping/forget-history'),
  outdatedJobs: question('housekeeping/outdated-jobs'),
  forgetJob: question('housekeeping/forget-job'),
};

/** What may be thrown away, as Postgres knows it. */
export class PgHousekeeping implements HousekeepingRepository {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  coldClips(search: ColdSearch): Promise<readonly ColdClip[]> {
    return this.#pool.all(questions.coldClips, search);
  }

  async forgetCold(keys: readonly string[], restSeconds: number): Promise<readonly string[]> {
    const rows = await this.#pool.all<{ key: string }>(questions.forgetCold, { keys, restSeconds });
    return rows.map(({ key }) => key);
  }

  async knownClips(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#pool.all<{ key: string }>(questions.knownClips, { keys });
    return new Set(rows.map(({ key }) => key));
  }

  async statuses(jobIds: readonly string[]): Promise<ReadonlyMap<string, JobStatus>> {
    const rows = await this.#pool.all<{ jobId: string; status: JobStatus }>(questions.statuses, { jobIds });
    return new Map(rows.map(({ jobId, status }) => [jobId, status]));
  }

  async outdatedOutputs(limit: number): Promise<readonly string[]> {
    const rows = await this.#pool.all<{ jobId: string }>(questions.outdatedOutputs, { limit });
    return rows.map(({ jobId }) => jobId);
  }

  async expireOutput(jobId: string): Promise<void> {
    await this.#pool.change(questions.expireOutput, { jobId });
  }

  async dropLapsedClaims(): Promise<void> {
    await this.#pool.change(questions.dropLapsedClaims, {});
  }

  async knownAssets(assetIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#pool.all<{ assetId: string }>(questions.knownAssets, { assetIds });
    return new Set(rows.map(({ assetId }) => assetId));
  }

  async countOldHistory(bounds: Parameters<HousekeepingRepository['countOldHistory']>[0]): Promise<number> {
    const found = await this.#pool.first<{ rows: number }>(questions.countOldHistory, bounds);
    return found?.rows ?? 0;
  }

  forgetHistory(limit: number): Promise<number> {
    return this.#pool.change(questions.forgetHistory, { limit });
  }

  async outdatedJobs(ageSeconds: number, limit: number): Promise<readonly string[]> {
    const rows = await this.#pool.all<{ jobId: string }>(questions.outdatedJobs, { ageSeconds, limit });
    return rows.map(({ jobId }) => jobId);
  }

  async forgetJob(jobId: string): Promise<void> {
    await this.#pool.change(questions.forgetJob, { jobId });
  }
}
