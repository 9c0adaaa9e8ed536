import { setTimeout as sleep } from 'node:timers/promises';
import type { JobView } from '../contract/job.ts';
import { isFinal } from '../contract/names.ts';
import type { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { CliFailure, exitCodes, type FailureLine } from './cli-failure.ts';
import { downloadResult } from './download-result.ts';
import { LiveLines } from './live-lines.ts';
import { sceneIdsOf } from './movie-document.ts';
import { patientClient } from './patient-client.ts';
import { plainLines, progressLines } from './progress-view.ts';
import { type RenderState, startState, withScenes } from './render-state.ts';
import { makeReport, type RenderReport } from './report.ts';
import type { Terminal } from './terminal.ts';
import { watchRender } from './watch-render.ts';

/** A job of 5,000 scenes is the largest there is. */
const scenePagesMax = 50;

export type FilmWatch = {
  readonly jobId: string;
  readonly movie: unknown;
  /** Absolute path; null: the film stays on the server. */
  readonly output: string | null;
  readonly links: RenderReport['links'];
  readonly signal: AbortSignal;
};

/** Shows the job until it ends and fetches the film; a job that did not end well is thrown as its reason. */
export async function watchFilm(
  client: ApiClient,
  terminal: Terminal,
  watch: FilmWatch,
): Promise<RenderReport> {
  const order = sceneIdsOf(watch.movie);
  const seen = await showProgress(client, terminal, { ...watch, order }).catch((error: unknown) => {
    throw lostSight(error, watch.jobId);
  });
  const isStopped = (): boolean => watch.signal.aborted;
  if (isStopped()) throw interrupted(watch.jobId);
  const patient = patientClient(client, terminal, watch.signal);
  try {
    const job = await patient.getJob(watch.jobId);
    if (job.status !== 'done') throw jobFailure(job);
    if (watch.output !== null) await downloadResult(client, job, { ...watch, file: watch.output });
    const scenes = await patient.listScenes(watch.jobId, scenePagesMax);
    const plan = await patient.getPlan(watch.jobId).catch(() => null);
    const state = withScenes(seen, scenes, order);
    return makeReport({ job, state, plan, output: watch.output, links: watch.links });
  } catch (error) {
    throw isStopped() ? interrupted(watch.jobId) : error;
  }
}

export function jobFailure(job: JobView): CliFailure {
  if (!isFinal(job.status)) return new CliFailure('UNFINISHED', `Job ${job.jobId} is ${job.status}.`);
  const detail = job.errorDetail;
  const code = detail?.code ?? (job.status === 'cancelled' ? 'CANCELLED' : 'INTERNAL');
  const text = job.error ?? `Job ${job.jobId} was ${job.status}.`;
  const message = text.startsWith(`${code}: `) ? text.slice(code.length + 2) : text;
  return new CliFailure(code, message, { lines: detail === null ? [] : failureDetail(job.jobId, detail) });
}

type Detail = NonNullable<JobView['errorDetail']>;

function failureDetail(jobId: string, { sceneId, hint, stderrTail }: Detail): readonly FailureLine[] {
  if (sceneId === null && hint === null && stderrTail === null) return [];
  const path = sceneId === null ? `job ${jobId}` : `scene ${sceneId}`;
  return [{ path, message: stderrTail?.trim() ?? 'failed', hint }];
}

async function showProgress(
  client: ApiClient,
  terminal: Terminal,
  watch: FilmWatch & { readonly order: readonly string[] },
): Promise<RenderState> {
  let shown = startState(watch.jobId, Date.now());
  const picture = (): readonly string[] => {
    const nowMs = isFinal(shown.status) ? shown.nowMs : Date.now();
    return progressLines({ ...shown, nowMs }, terminal, terminal.paint);
  };
  const live = terminal.isLive ? new LiveLines(terminal, picture) : null;
  const onChange = (state: RenderState): void => {
    if (live === null) for (const line of plainLines(shown, state)) terminal.say(line);
    shown = state;
  };
  try {
    const last = await watchRender(client, { ...watch, onChange });
    if (live !== null) shown = await withLastScenes(client, last, watch.order);
    return last;
  } finally {
    live?.end();
  }
}

/** The picture that stays on the screen tells how every scene ended. */
async function withLastScenes(
  client: ApiClient,
  state: RenderState,
  order: readonly string[],
): Promise<RenderState> {
  const jobs = await client.listScenes(state.jobId, 1).catch(() => []);
  return jobs.length === 0 ? state : withScenes(state, jobs, order);
}

/** The way to the server broke for good; what was submitted is there nevertheless. Exported for its test. */
export function lostSight(error: unknown, jobId: string): unknown {
  if (!(error instanceof ApiError) || error.status !== 0) return error;
  const message = `${error.message} The job goes on without us: "scenemill status ${jobId}".`;
  return new CliFailure(error.code, message, { cause: error });
}

function interrupted(jobId: string): CliFailure {
  const message = `No longer watching. The job goes on: "scenemill status ${jobId}", or "scenemill cancel ${jobId}".`;
  return new CliFailure('INTERRUPTED', message, { exitCode: exitCodes.interrupted });
}

/** Asks the server to stop a job and waits, within a bound, until it has. */
export async function stopJob(client: ApiClient, jobId: string, waitMs: number): Promise<JobView> {
  const deadline = Date.now() + waitMs;
  let job = await client.cancelJob(jobId);
  while (!isFinal(job.status) && Date.now() < deadline) {
    await sleep(250);
    job = await client.getJob(jobId);
  }
  return job;
}
