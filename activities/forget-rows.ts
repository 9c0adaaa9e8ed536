// Rows that nobody asks for any more: what scenes were rendered from, and jobs past the operator's time for them.
import { objectKeys } from '../storage/object-keys.ts';
import { batchesMax, batchSize, type House } from './house.ts';
import { removeAll } from './remove-all.ts';

/** The history only explains a miss in the cache: a scene that lacks it is told to be rendered for the first time. */
export async function forgetHistory({ services, isDryRun, signal }: House): Promise<number> {
  const { housekeeping, houseBounds } = services;
  const { historySecondsMax: ageSecondsMax, historyRowsMax: rowsMax } = houseBounds;
  const beyond = await housekeeping.countOldHistory({ ageSecondsMax, rowsMax });
  const wanted = Math.min(beyond, batchSize * batchesMax);
  if (isDryRun) return wanted;
  let forgotten = 0;
  while (forgotten < wanted) {
    signal.throwIfAborted();
    const rows = await housekeeping.forgetHistory(Math.min(batchSize, wanted - forgotten));
    // What a job is writing just now is passed over, so there may be fewer than were counted.
    if (rows === 0) break;
    forgotten += rows;
  }
  return forgotten;
}

/** The objects first: should this stop half way, the row still says that there is something to remove. */
export async function forgetJobs({ services, isDryRun, signal }: House): Promise<number> {
  const { housekeeping, houseBounds, store } = services;
  if (houseBounds.jobSecondsMax === null) return 0;
  const jobIds = await housekeeping.outdatedJobs(houseBounds.jobSecondsMax, batchSize);
  if (isDryRun) return jobIds.length;
  for (const jobId of jobIds) {
    signal.throwIfAborted();
    for (const prefix of [
      objectKeys.outputs(jobId),
      objectKeys.intermediates(jobId),
      objectKeys.renderPlans(jobId),
    ])
      await removeAll(store, prefix, signal);
    await housekeeping.forgetJob(jobId);
  }
  return jobIds.length;
}
