import { JobEvent } from '../contract/answers.ts';
import type { ChildCounts, JobView } from '../contract/job.ts';
import type { JobRow, ShownJob } from '../database/ports.ts';
import type { ObjectLinks } from './object-links.ts';
import type { ApiServices } from './services.ts';

type JobViewer = Pick<ApiServices, 'jobs'> & { readonly links: ObjectLinks };

/** Jobs as callers see them: rows with the counts of their scenes and a fresh link to the output. */
export async function viewJobs(api: JobViewer, rows: readonly JobRow[]): Promise<JobView[]> {
  const parents = rows.filter((row) => row.parentJobId === null).map((row) => row.jobId);
  const counts = parents.length === 0 ? new Map<string, ChildCounts>() : await api.jobs.children(parents);
  return rows.map((row) => jobView(row, counts.get(row.jobId) ?? null, outputUrl(api.links, row)));
}

export function viewJob(links: ObjectLinks, job: ShownJob): JobView {
  return { ...jobView(job, job.children, outputUrl(links, job)), payload: payloadOf(job) };
}

/** As it was sent; of a job from before that was kept, as it was read. */
function payloadOf({ projectId, sentMovie, submission }: ShownJob): JobView['payload'] {
  const movie = sentMovie ?? submission?.movie;
  return movie === undefined ? null : { projectId, movie };
}

function jobView(row: JobRow, children: ChildCounts | null, outputUrl: string | null): JobView {
  const isScene = row.parentJobId !== null;
  return {
    jobId: row.jobId,
    type: isScene ? row.type : 'render',
    status: row.status,
    phase: row.phase,
    stage: row.stage,
    progress: row.progress,
    parentJobId: row.parentJobId,
    sceneId: row.sceneId,
    isCached: row.isCached,
    outputUrl,
    outputExpiredAt: printTime(row.outputExpiredAt),
    error: row.error,
    errorDetail: row.errorDetail,
    mediaData: row.mediaData,
    payload: null,
    children: isScene ? null : (children ?? noScenes),
    cacheReport: row.cacheReport === null ? null : [...row.cacheReport],
    startedAt: printTime(row.startedAt),
    endedAt: printTime(row.endedAt),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function printTime(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}

/** What a server-sent event tells: all but the document and the cache report, which would be sent again and again. */
export function jobEvent(view: JobView): JobEvent {
  return JobEvent.parse(view);
}

/** A job that has not been dispatched. */
const noScenes: ChildCounts = { total: 0, succeeded: 0, running: 0, queued: 0, failed: 0, cached: 0 };

function outputUrl(links: ObjectLinks, row: JobRow): string | null {
  return row.status === 'done' && row.outputKey !== null ? links.link(row.outputKey).url : null;
}
