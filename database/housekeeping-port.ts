import type { JobStatus } from '../contract/names.ts';

export type ColdSearch = {
  /** What all clips together may take. */
  readonly bytesMax: number;
  readonly ageSecondsMax: number;
  /** A clip used within this is never cold: a job that was told of it may be about to copy it. */
  readonly restSeconds: number;
  readonly limit: number;
};

export type ColdClip = {
  readonly key: string;
  readonly kind: 'picture' | 'sound' | 'programme';
  readonly bytes: number;
};

/** What may be thrown away: the questions of those who keep the house. */
export interface HousekeepingRepository {
  /** Those that nobody has used for longest first. */
  coldClips(search: ColdSearch): Promise<readonly ColdClip[]>;
  /** Returns those that were still cold, and are not in the index any more. */
  forgetCold(keys: readonly string[], restSeconds: number): Promise<readonly string[]>;
  /** Those of the keys that are in the index; does not count as a use. */
  knownClips(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Of the jobs that there are. */
  statuses(jobIds: readonly string[]): Promise<ReadonlyMap<string, JobStatus>>;
  /** Ended jobs whose user's plan keeps their output no longer. */
  outdatedOutputs(limit: number): Promise<readonly string[]>;
  /** The row says so from now on; the minutes stay booked. */
  expireOutput(jobId: string): Promise<void>;
  dropLapsedClaims(): Promise<void>;
  /** Those of the ids that there are. */
  knownAssets(assetIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** How many scenes' histories are too old, or too many. */
  countOldHistory(bounds: { readonly ageSecondsMax: number; readonly rowsMax: number }): Promise<number>;
  /** Removes the oldest; returns how many it were. */
  forgetHistory(limit: number): Promise<number>;
  /** Jobs without an output that ended so long ago, the oldest first. */
  outdatedJobs(ageSeconds: number, limit: number): Promise<readonly string[]>;
  /** Removes the job's row and all that hangs on it; the minutes stay booked. */
  forgetJob(jobId: string): Promise<void>;
}
