import { RenderError } from '../contract/errors.ts';
import { isFinal } from '../contract/names.ts';
import type { JobRow } from '../database/ports.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { ApiServices } from './services.ts';

const KEYS_PER_REMOVE = 500;

/** Removes an ended job and all that it left in the store; cached clips stay, since other jobs may use them. */
export async function removeJob(services: Pick<ApiServices, 'jobs' | 'store'>, job: JobRow): Promise<void> {
  if (job.parentJobId !== null) {
    throw new RenderError('INVALID_STATE', 'A scene is removed with its job.', {
      hint: `Remove ${job.parentJobId}.`,
    });
  }
  if (!isFinal(job.status)) throw isActive();
  // Bytes before the row: should this stop half way, the job is still there to be removed again.
  for (const prefix of [
    objectKeys.outputs(job.jobId),
    objectKeys.intermediates(job.jobId),
    objectKeys.renderPlans(job.jobId),
  ]) {
    await removeBelow(services.store, prefix);
  }
  if (!(await services.jobs.remove(job.userId, job.jobId))) throw isActive();
}

/** Every object below a prefix; repeating it is harmless. */
export async function removeBelow(store: ObjectStore, prefix: string): Promise<void> {
  let keys: string[] = [];
  for await (const { key } of store.list(prefix)) {
    keys.push(key);
    if (keys.length < KEYS_PER_REMOVE) continue;
    await store.remove(keys);
    keys = [];
  }
  if (keys.length > 0) await store.remove(keys);
}

function isActive(): RenderError {
  return new RenderError('INVALID_STATE', 'The job is active.', {
    hint: 'Cancel it first, or wait for its end.',
  });
}
