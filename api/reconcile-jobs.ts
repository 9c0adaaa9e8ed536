// Jobs that nobody works on any more: their workflow was terminated, timed out, or is gone with Temporal's data.
import type { RenderError } from '../contract/errors.ts';
import { objectKeys } from '../storage/object-keys.ts';
import { removeBelow } from './remove-job.ts';
import type { ApiServices } from './services.ts';
import { startJob } from './start-job.ts';

/** A job that changed within this is being worked on. */
const QUIET_SECONDS = 60;
/** Rows in one question. */
const PAGE = 100;
/** Jobs looked at in one round; the next round begins with the same ones, so what is settled makes room. */
const JOBS_PER_ROUND_MAX = 1_000;

type ReconcilerServices = Pick<ApiServices, 'jobs' | 'outbox' | 'temporal' | 'store' | 'log'>;

export type Round = { readonly signal: AbortSignal; readonly quietSeconds?: number };

/** Compares rows that have been quiet with Temporal; returns how many jobs were settled. One that fails does not hold up the next. */
export async function reconcileJobs(services: ReconcilerServices, round: Round): Promise<number> {
  const quietSeconds = round.quietSeconds ?? QUIET_SECONDS;
  let settled = 0;
  let after = '';
  for (let looked = 0; looked < JOBS_PER_ROUND_MAX; looked += PAGE) {
    const page = await services.outbox.quiet({ quietSeconds, after, limit: PAGE });
    for (const { jobId } of page) {
      if (round.signal.aborted) return settled;
      if (await trySettle(services, jobId)) settled += 1;
      after = jobId;
    }
    if (page.length < PAGE) break;
  }
  return settled;
}

async function trySettle(services: ReconcilerServices, jobId: string): Promise<boolean> {
  try {
    return await settle(services, jobId);
  } catch (error) {
    services.log.warn({ err: error, jobId }, 'a job could not be compared with its workflow');
    return false;
  }
}

/** A workflow ends its job's row before itself, so an ended one under an active row will not come back to it. */
async function settle(services: ReconcilerServices, jobId: string): Promise<boolean> {
  const state = await services.temporal.look(jobId);
  switch (state) {
    case 'running':
      return false;
    case 'unknown':
      await startJob(services, jobId);
      break;
    case 'cancelled':
      await services.jobs.cancel(jobId);
      await removeRemains(services, jobId);
      break;
    case 'ended':
      await services.jobs.fail(jobId, endedWithoutResult);
      await removeRemains(services, jobId);
      break;
  }
  services.log.warn({ jobId, state }, 'a job whose workflow had stopped was settled');
  return true;
}

const endedWithoutResult = {
  line: 'INTERNAL: The workflow of the job ended without a result.',
  detail: {
    code: 'INTERNAL' satisfies RenderError['code'],
    hint: 'Retry the job.',
    sceneId: null,
    sceneIndex: null,
    attempt: null,
    stderrTail: null,
  },
};

/** The row may have got a result after all, between our two looks. */
async function removeRemains(services: ReconcilerServices, jobId: string): Promise<void> {
  const job = await services.jobs.get(jobId);
  if (job?.status !== 'done') await removeBelow(services.store, objectKeys.outputs(jobId));
  await removeBelow(services.store, objectKeys.intermediates(jobId));
}
