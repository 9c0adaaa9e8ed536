import type { JobEvent } from '../contract/answers.ts';
import type { ChildCounts, JobView } from '../contract/job.ts';
import type { JobStatus, Phase } from '../contract/names.ts';

export type SceneState = {
  readonly jobId: string;
  /** The scene's id; with its part where a long scene has several. */
  readonly name: string;
  readonly sceneId: string;
  /** Which part of a long scene, from 0. */
  readonly part: number;
  readonly status: JobStatus;
  readonly progress: number;
  readonly isCached: boolean;
  /** Of rendering; null before its end and for a cached scene. */
  readonly seconds: number | null;
};

/** A phase as this client saw it, in milliseconds of its own clock. */
type PhaseTime = { readonly phase: Phase; readonly startMs: number; readonly endMs: number | null };

/** All that is known of a render while it runs; the views read nothing else. */
export type RenderState = {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly phase: Phase | null;
  readonly progress: number;
  readonly counts: ChildCounts | null;
  readonly scenes: readonly SceneState[];
  readonly phaseTimes: readonly PhaseTime[];
  readonly startMs: number;
  readonly nowMs: number;
};

export function startState(jobId: string, nowMs: number): RenderState {
  return {
    jobId,
    status: 'queued',
    phase: null,
    progress: 0,
    counts: null,
    scenes: [],
    phaseTimes: [],
    startMs: nowMs,
    nowMs,
  };
}

export function withEvent(state: RenderState, event: JobEvent, nowMs: number): RenderState {
  const { status, phase, progress, children } = event;
  const phaseTimes = event.phase === state.phase ? state.phaseTimes : enterPhase(state, event.phase, nowMs);
  return { ...state, status, phase, progress, counts: children ?? state.counts, phaseTimes, nowMs };
}

/** `order` holds the scene ids in film order. */
export function withScenes(
  state: RenderState,
  jobs: readonly JobView[],
  order: readonly string[],
): RenderState {
  const places = new Map(order.map((sceneId, index) => [sceneId, index]));
  const placeOf = (job: JobView): number => places.get(job.sceneId ?? '') ?? order.length;
  const sorted = [...jobs].sort(
    (left, right) =>
      placeOf(left) - placeOf(right) || left.jobId.localeCompare(right.jobId, 'en', { numeric: true }),
  );
  const parts = new Map<string, number>();
  const shared = new Set(sorted.map((job) => job.sceneId).filter((id, at, ids) => ids.indexOf(id) !== at));
  const scenes = sorted.map((job) => {
    const sceneId = job.sceneId ?? job.jobId;
    const part = parts.get(sceneId) ?? 0;
    parts.set(sceneId, part + 1);
    const name = shared.has(job.sceneId) ? `${sceneId} (${part + 1})` : sceneId;
    return { ...sceneState(job), name, sceneId, part };
  });
  return { ...state, scenes };
}

function sceneState(job: JobView): Omit<SceneState, 'name' | 'sceneId' | 'part'> {
  const { jobId, status, progress, isCached, startedAt, endedAt } = job;
  const hasTimes = startedAt !== null && endedAt !== null;
  return {
    jobId,
    status,
    progress,
    isCached: status === 'done' && isCached,
    seconds: hasTimes ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : null,
  };
}

function enterPhase(state: RenderState, phase: Phase | null, nowMs: number): readonly PhaseTime[] {
  const ended = state.phaseTimes.map((time) => (time.endMs === null ? { ...time, endMs: nowMs } : time));
  return phase === null ? ended : [...ended, { phase, startMs: nowMs, endMs: null }];
}
