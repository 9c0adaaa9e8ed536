import type { CacheReportEntry, ChildCounts, ErrorDetail, MediaData } from '../contract/job.ts';
import { type JobStatus, type Phase, phases, type Stage } from '../contract/names.ts';
import { phaseSpans } from '../contract/progress.ts';
import { endJob } from './end-job.ts';
import { JobScenes, toShare } from './job-scenes.ts';
import { readCursor, toPage } from './page-cursor.ts';
import type {
  Idempotency,
  JobFilter,
  JobRepository,
  JobRow,
  NewJob,
  NewSceneJob,
  Repetition,
  SentJob,
  ShownJob,
  SubmitOutcome,
} from './ports.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';
import { findRepetition, submitJob } from './submit-job.ts';

const questions = {
  find: question('jobs/find'),
  show: question('jobs/show'),
  sent: question('jobs/sent'),
  get: question('jobs/get'),
  list: question('jobs/list'),
  countChildren: question('jobs/count-children'),
  enterPhase: question('jobs/enter-phase'),
  isActive: question('jobs/is-active'),
  setCacheReport: question('jobs/set-cache-report'),
  raiseProgress: question('jobs/raise-progress'),
  complete: question('jobs/complete'),
  bookMinutes: question('jobs/book-minutes'),
  finishScenes: question('scenes/finish-all'),
  recordEnd: question('webhooks/record-end'),
  noteCancel: question('jobs/note-cancel'),
  remove: question('jobs/remove'),
};

/** Jobs in Postgres. That an ended job never changes again is guarded by the SQL, not by the callers. */
export class PgJobRepository implements JobRepository {
  readonly #pool: Pool;
  readonly #scenes: JobScenes;

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#scenes = new JobScenes(pool);
  }

  submit(job: NewJob): Promise<SubmitOutcome> {
    return this.#pool.transaction('submit a job', (session) => submitJob(session, job));
  }

  repetition(userId: string, idempotency: Idempotency): Promise<Repetition | null> {
    return findRepetition(this.#pool, userId, idempotency);
  }

  find(userId: string, jobId: string): Promise<JobRow | null> {
    return this.#pool.first(questions.find, { userId, jobId });
  }

  show(userId: string, jobId: string, what: 'whole' | 'progress'): Promise<ShownJob | null> {
    return this.#pool.first(questions.show, { userId, jobId, isWhole: what === 'whole' });
  }

  sent(userId: string, jobId: string): Promise<SentJob | null> {
    return this.#pool.first(questions.sent, { userId, jobId });
  }

  get(jobId: string): Promise<JobRow | null> {
    return this.#pool.first(questions.get, { jobId });
  }

  async list(
    userId: string,
    filter: JobFilter,
  ): Promise<{ readonly jobs: readonly JobRow[]; readonly nextCursor: string | null }> {
    const { parentJobId, type, limit } = filter;
    // A job's scenes, or scenes of all jobs where their type is asked for.
    const hasParent = parentJobId !== null || (type !== null && type !== 'render.movie');
    const values = { ...filter, ...readCursor(filter.cursor), hasParent, userId, limit: limit + 1 };
    const found = await this.#pool.all<JobRow>(questions.list, values);
    const page = toPage(found, filter.limit, (job) => ({ createdAt: job.createdAt, id: job.jobId }));
    return { jobs: page.rows, nextCursor: page.nextCursor };
  }

  async children(jobIds: readonly string[]): Promise<ReadonlyMap<string, ChildCounts>> {
    const rows = await this.#pool.all<{ jobId: string; children: ChildCounts }>(questions.countChildren, {
      jobIds,
    });
    return new Map(rows.map(({ jobId, children }) => [jobId, children]));
  }

  async enterPhase(jobId: string, ...[status, phase, stage]: [JobStatus, Phase, Stage]): Promise<boolean> {
    const progress = phaseSpans[phase].from;
    const [, active] = await this.#pool.changeAll('enter a phase', [
      [questions.enterPhase, { jobId, status, phase, stage, progress, phases }],
      [questions.isActive, { jobId }],
    ]);
    return active === 1;
  }

  async setCacheReport(jobId: string, report: readonly CacheReportEntry[]): Promise<void> {
    await this.#pool.change(questions.setCacheReport, { jobId, report });
  }

  async raiseProgress(jobId: string, progress: number, stage: Stage): Promise<void> {
    await this.#pool.change(questions.raiseProgress, { jobId, progress: toShare(progress), stage });
  }

  scenes(jobId: string): Promise<readonly JobRow[]> {
    return this.#scenes.list(jobId);
  }

  createScenes(jobId: string, scenes: readonly NewSceneJob[]): Promise<void> {
    return this.#scenes.create(jobId, scenes);
  }

  startScene(sceneJobId: string, attempt: number): Promise<void> {
    return this.#scenes.start(sceneJobId, attempt);
  }

  reportScene(sceneJobId: string, progress: number, stage: Stage): Promise<void> {
    return this.#scenes.report(sceneJobId, progress, stage);
  }

  finishScene(sceneJobId: string, isCached: boolean): Promise<void> {
    return this.#scenes.finish(sceneJobId, isCached);
  }

  reopenScenes(jobId: string, sceneIndices: readonly number[]): Promise<void> {
    return this.#scenes.reopen(jobId, sceneIndices);
  }

  complete(
    jobId: string,
    result: { readonly outputKey: string; readonly mediaData: MediaData },
  ): Promise<boolean> {
    return this.#pool.transaction('complete a job', async (session) => {
      const job = await session.first<{ userId: string }>(questions.complete, { jobId, ...result });
      if (job === null) return false;
      await session.change(questions.finishScenes, { jobId });
      const minutes = result.mediaData.duration / 60;
      await session.change(questions.bookMinutes, { jobId, userId: job.userId, minutes });
      await session.change(questions.recordEnd, { jobId });
      return true;
    });
  }

  fail(jobId: string, error: { readonly line: string; readonly detail: ErrorDetail }): Promise<boolean> {
    return endJob(this.#pool, jobId, { status: 'failed', error });
  }

  cancel(jobId: string): Promise<boolean> {
    return endJob(this.#pool, jobId, { status: 'cancelled', error: null });
  }

  async noteCancel(jobId: string): Promise<void> {
    await this.#pool.change(questions.noteCancel, { jobId });
  }

  async remove(userId: string, jobId: string): Promise<boolean> {
    return (await this.#pool.change(questions.remove, { userId, jobId })) > 0;
  }
}
