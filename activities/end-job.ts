// The two ends that are not a film. Both may run twice; the job's first end stands.
import { errorCatalogue, RenderError } from '../contract/errors.ts';
import type { ErrorDetail } from '../contract/job.ts';
import type { JobRow } from '../database/ports.ts';
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
  await tidyUp(services, jobId);
}

/** The message, with the scene where it does not name it. */
function withScene(message: string, sceneId: string | null): string {
  if (sceneId === null || message.includes(`scene ${sceneId}`)) return message;
  const [, text = message, stop = ''] = /^(.*?)(\.?)$/s.exec(message) ?? [];
  return `${text} (scene ${sceneId})${stop}`;
}

export async function cancelJob(services: ControlServices, { jobId }: JobRef): Promise<void> {
  await services.jobs.cancel(jobId);
  await tidyUp(services, jobId);
}

/** After the job's row says its end, which must not wait for the store. */
async function tidyUp(services: ControlServices, jobId: string): Promise<void> {
  const job = await services.jobs.get(jobId);
  // An attempt to publish may have come so far that the film lies where only a finished job's may.
  if (job?.status !== 'done') await removeAll(services.store, objectKeys.outputs(jobId));
  await removeAll(services.store, objectKeys.intermediates(jobId));
  if (job !== null) await recordRendered(services, job);
}

/** The scenes that were rendered are in the cache; why a later job misses one is told against them, too. */
async function recordRendered(
  { jobs, plans, history }: ControlServices,
  { jobId, projectId }: JobRow,
): Promise<void> {
  const parts = await jobs.scenes(jobId);
  const lacking = new Set(parts.flatMap(({ status, sceneId }) => (status === 'done' ? [] : [sceneId])));
  const rendered = new Set(parts.map(({ sceneId }) => sceneId).filter((sceneId) => !lacking.has(sceneId)));
  if (rendered.size === 0) return;
  try {
    const sources = await plans.sources(jobId);
    await history.record(
      projectId,
      sources.filter(({ sceneId }) => rendered.has(sceneId)),
    );
  } catch (error) {
    // A plan that is lost may be what ended the job; only an explanation is lost with it.
    if (!(error instanceof RenderError) || error.code !== 'PLAN_UNAVAILABLE') throw error;
  }
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
