// Tells a caller, scene by scene, what was re-used and why the rest was not.
import type { CacheReportEntry } from '../contract/job.ts';
import type { JobRow } from '../database/ports.ts';
import { changedPaths } from '../plan-compiler/changed-paths.ts';
import type { SceneSource } from '../plan-compiler/compile-types.ts';
import type { RenderPlan } from '../plan-compiler/render-plan.ts';
import type { ControlServices } from './services.ts';

type ReportInput = {
  readonly job: JobRow;
  readonly plan: RenderPlan;
  readonly cached: ReadonlySet<number>;
  readonly cache: 'use' | 'refresh';
};

type LastRender = { readonly key: string; readonly source: unknown };

/** Written once for a job: a repeated dispatch would find the scenes that this very job has rendered. */
export async function reportCache(services: ControlServices, input: ReportInput): Promise<void> {
  const { job, plan, cached, cache } = input;
  if (job.cacheReport !== null) return;
  const missed = new Set(
    plan.scenes.filter(({ index }) => !cached.has(index)).map(({ sceneIndex }) => sceneIndex),
  );
  const sources = await services.plans.sources(job.jobId);
  const missedIds = sources.filter(({ sceneIndex }) => missed.has(sceneIndex)).map(({ sceneId }) => sceneId);
  const last = await services.history.last(job.projectId, missedIds);
  const report = sources.map((source) =>
    missed.has(source.sceneIndex) ? explainMiss(source, last.get(source.sceneId), cache) : entry(source, hit),
  );
  await services.jobs.setCacheReport(job.jobId, report);
}

function explainMiss(
  source: SceneSource,
  last: LastRender | undefined,
  cache: 'use' | 'refresh',
): CacheReportEntry {
  if (cache === 'refresh') return entry(source, miss('cache-off'));
  if (last === undefined) return entry(source, miss('first-render'));
  if (last.key === source.key) return entry(source, miss('clip-lost'));
  return entry(source, miss('changed'), changedPaths(last.source, source.source, source.sceneIndex));
}

function entry(source: SceneSource, result: Result, changes: readonly string[] = []): CacheReportEntry {
  return { sceneId: source.sceneId, sceneIndex: source.sceneIndex, ...result, changedPaths: [...changes] };
}

const hit = { result: 'hit', reason: 'cached' } as const;
type Result = Pick<CacheReportEntry, 'result' | 'reason'>;

function miss(reason: CacheReportEntry['reason']): Result {
  return { result: 'miss', reason };
}
