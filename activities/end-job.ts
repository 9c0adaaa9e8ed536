// The two ends that are not a film. Both may run twice; the job's first end stands.
import { errorCatalogue } from '../contract/errors.ts';
import type { ErrorDetail } from '../contract/job.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { JobFailure, JobRef } from '../workflows/activity-types.ts';
import { removeAll } from './remove-all.ts';
import type { ControlServices } from './services.ts';

/** No output, no minutes; the scenes that were rendered stay in the cache, so that a retry renders only the rest. */
export async function failJob(
  services: ControlServices,
  input: JobRef & { readonly failure: JobFailure },
): Promise<void> {
  const { jobId, failure } = input;
  const detail = await describeDetail(services, jobId, failure);
  const line = `${failure.code}: ${withScene(failure.details.message, detail.sceneId)}`;
  await services.jobs.fail(jobId, { line, detail });
  await removeRemains(services, jobId);
}

/** The message, with the scene where it does not name it. */
function withScene(message: string, sceneId: string | null): string {
  if (sceneId === null || message.includes(`scene ${sceneId}`)) return message;
  const [, text = message, stop = ''] = /^(.*?)(\.?)$/s.exec(message) ?? [];
  return `${text} (scene ${sceneId})${stop}`;
}

export async function cancelJob(services: ControlServices, { jobId }: JobRef): Promise<void> {
  await services.jobs.cancel(jobId);
  await removeRemains(services, jobId);
}

/** An attempt to publish may have come so far that the film lies where only a finished job's may. */
async function removeRemains(services: ControlServices, jobId: string): Promise<void> {
  const job = await services.jobs.get(jobId);
  if (job?.status !== 'done') await removeAll(services.store, objectKeys.outputs(jobId));
  await removeAll(services.store, objectKeys.intermediates(jobId));
}

async function describeDetail(
  services: ControlServices,
  jobId: string,
  { code, details }: JobFailure,
): Promise<ErrorDetail> {
  const sceneIndex = details.sceneIndex ?? null;
  const sceneId =
    details.sceneId ?? (sceneIndex === null ? null : await findSceneId(services, jobId, sceneIndex));
  return {
    code,
    hint: details.hint ?? adviceFor(code),
    sceneId,
    sceneIndex,
    attempt: details.attempt ?? null,
    stderrTail: details.stderrTail ?? null,
  };
}

/** What was out of reach is back some time; other failures say themselves what to do. */
function adviceFor(code: JobFailure['code']): string | null {
  return errorCatalogue[code].retryable ? 'Retry the job later: scenes that are done stay done.' : null;
}

async function findSceneId(services: ControlServices, jobId: string, index: number): Promise<string | null> {
  const plan = await services.plans.read(jobId).catch(() => null);
  return plan?.scenes[index]?.sceneId ?? null;
}
