import type { ErrorDetail } from '../contract/job.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

export type JobEnd = {
  readonly status: 'failed' | 'cancelled';
  /** Null for a cancelled job. */
  readonly error: { readonly line: string; readonly detail: ErrorDetail } | null;
};

const questions = {
  end: question('jobs/end'),
  endScenes: question('scenes/end-all'),
  recordEnd: question('webhooks/record-end'),
};

/** Ends an active job without a result, and its scenes with it. False where another end came first. */
export function endJob(pool: Pool, jobId: string, end: JobEnd): Promise<boolean> {
  // Postgres text cannot hold NUL, and the record of a failure must not fail over a program's output.
  const error = end.error === null ? null : end.error.line.replaceAll('\0', '');
  const detail = end.error?.detail ?? null;
  return pool.transaction('end a job', async (session) => {
    const values = { jobId, status: end.status, error, errorDetail: detail };
    if ((await session.change(questions.end, values)) === 0) return false;
    await session.change(questions.endScenes, {
      jobId,
      error,
      errorDetail: detail,
      sceneIndex: detail?.sceneIndex ?? null,
      sceneId: detail?.sceneId ?? null,
    });
    await session.change(questions.recordEnd, { jobId });
    return true;
  });
}
