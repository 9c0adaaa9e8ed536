import { setTimeout as sleep } from 'node:timers/promises';
import type { JobView } from '../contract/job.ts';
import type { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { followJob } from './follow-job.ts';
import { type RenderState, startState, withEvent, withScenes } from './render-state.ts';

/** Scenes are looked at often in the beginning, then less: a key has 120 calls a minute. */
const scenePollMs = 500;
const slowScenePollMs = 1500;
const briskWatchMs = 20_000;
/** Up to here all scenes are asked for, beyond only those at work. */
const scenesAtOnce = 100;

export type WatchOptions = {
  readonly jobId: string;
  /** Scene ids in film order. */
  readonly order: readonly string[];
  readonly signal: AbortSignal;
  readonly onChange: (state: RenderState) => void;
};

/** Follows a job and its scenes until the job ends; answers the last state. */
export async function watchRender(client: ApiClient, options: WatchOptions): Promise<RenderState> {
  let state = startState(options.jobId, Date.now());
  const change = (next: RenderState): void => {
    state = next;
    options.onChange(state);
  };
  const ended = new AbortController();
  const scenes = watchScenes(client, {
    ...options,
    signal: AbortSignal.any([options.signal, ended.signal]),
    present: () => state,
    onScenes: (jobs) => change(withScenes(state, jobs, options.order)),
  });
  try {
    for await (const event of followJob(client, options)) change(withEvent(state, event, Date.now()));
  } finally {
    ended.abort();
    await scenes;
  }
  return state;
}

type SceneWatch = WatchOptions & {
  readonly present: () => RenderState;
  readonly onScenes: (jobs: readonly JobView[]) => void;
};

/** The bars are an extra: where they cannot be had, the render goes on without. */
async function watchScenes(client: ApiClient, watch: SceneWatch): Promise<void> {
  const { signal } = watch;
  const startMs = Date.now();
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    await pause(Date.now() - startMs < briskWatchMs ? scenePollMs : slowScenePollMs);
    const count = watch.present().counts?.total ?? 0;
    // No scene exists before the job is dispatched.
    if (!isOver() && count > 0) await pause(await lookAtScenes(client, watch, count));
  }
}

/** Answers how long the server wants to be left alone. */
async function lookAtScenes(client: ApiClient, watch: SceneWatch, count: number): Promise<number> {
  const onlyRunning = count > scenesAtOnce ? { status: 'running' } : {};
  try {
    const { jobs } = await client.listJobs({
      parentJobId: watch.jobId,
      limit: scenesAtOnce,
      ...onlyRunning,
    });
    watch.onScenes(jobs.filter((job) => job.type === 'render.scene'));
    return 0;
  } catch (error) {
    return error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  }
}
