import type { ChildCounts } from '../../contract/job.ts';
import { isFinal, type JobStatus } from '../../contract/names.ts';
import type {
  Idempotency,
  JobFilter,
  JobRepository,
  JobRow,
  NewJob,
  OutboxRepository,
  Repetition,
  SentJob,
  ShownJob,
  SubmitOutcome,
} from '../../database/ports.ts';

const unused = (): never => {
  throw new Error('not part of this fake');
};

/** Jobs in memory: what the API asks of them. Tests move a job on with `change`, as a worker would. */
export class FakeJobs implements JobRepository, OutboxRepository {
  readonly rows = new Map<string, JobRow>();
  readonly unsent = new Set<string>();
  readonly #sent = new Map<string, unknown>();
  readonly #keys = new Map<string, { bodyHash: string; answer: Repetition }>();
  readonly #hashes = new Map<string, string>();
  readonly #listeners = new Set<{ jobId: string; onChange: (isEnd: boolean) => void }>();
  #time = Date.parse('2026-01-01T00:00:00Z');

  get listeners(): number {
    return this.#listeners.size;
  }

  subscribe(jobId: string, onChange: (isEnd: boolean) => void): () => void {
    const listener = { jobId, onChange };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(jobId: string, patch: Partial<JobRow>): void {
    const row = this.rows.get(jobId);
    if (row === undefined) throw new Error(`There is no job ${jobId}.`);
    this.rows.set(jobId, { ...row, ...patch, version: row.version + 1, updatedAt: this.#tick() });
    this.#tell(jobId);
  }

  /** Tells listeners without a change of the row. */
  nudge(jobId: string): void {
    this.#tell(jobId);
  }

  add(row: Partial<JobRow> & Pick<JobRow, 'jobId' | 'userId'>): JobRow {
    const now = this.#tick();
    const whole: JobRow = { ...emptyRow, createdAt: now, updatedAt: now, ...row };
    this.rows.set(row.jobId, whole);
    this.#tell(row.jobId);
    return whole;
  }

  submit(job: NewJob): Promise<SubmitOutcome> {
    return Promise.resolve(this.#known(job) ?? this.#refused(job) ?? this.#create(job));
  }

  find(userId: string, jobId: string): Promise<JobRow | null> {
    const row = this.rows.get(jobId);
    return Promise.resolve(row?.userId === userId ? { ...row, submission: null, cacheReport: null } : null);
  }

  show(userId: string, jobId: string, what: 'whole' | 'progress'): Promise<ShownJob | null> {
    const row = this.rows.get(jobId);
    if (row?.userId !== userId) return Promise.resolve(null);
    const parts = what === 'whole' ? {} : { submission: null, cacheReport: null };
    const sentMovie = what === 'whole' ? (this.#sent.get(jobId) ?? null) : null;
    return Promise.resolve({ ...row, ...parts, sentMovie, children: this.#count(jobId) });
  }

  sent(userId: string, jobId: string): Promise<SentJob | null> {
    const row = this.rows.get(jobId);
    const sentMovie = this.#sent.get(jobId) ?? null;
    return Promise.resolve(row?.userId === userId ? { submission: row.submission, sentMovie } : null);
  }

  get(jobId: string): Promise<JobRow | null> {
    return Promise.resolve(this.rows.get(jobId) ?? null);
  }

  list(userId: string, filter: JobFilter): Promise<{ jobs: readonly JobRow[]; nextCursor: string | null }> {
    const isPart = filter.type !== null && filter.type !== 'render.movie';
    const rows = [...this.rows.values()]
      .filter((row) => row.userId === userId)
      .filter((row) => row.parentJobId === filter.parentJobId || (isPart && filter.parentJobId === null))
      .filter((row) => filter.status === null || row.status === filter.status)
      .filter((row) => filter.type === null || row.type === filter.type)
      .reverse();
    const start = filter.cursor === null ? 0 : Number(filter.cursor);
    const end = start + filter.limit;
    return Promise.resolve({
      jobs: rows.slice(start, end),
      nextCursor: end < rows.length ? String(end) : null,
    });
  }

  children(jobIds: readonly string[]): Promise<ReadonlyMap<string, ChildCounts>> {
    const counts = jobIds.map((jobId) => [jobId, this.#count(jobId)] as const);
    return Promise.resolve(new Map(counts.filter(([, { total }]) => total > 0)));
  }

  fail(jobId: string, error: Parameters<JobRepository['fail']>[1]): Promise<boolean> {
    const row = this.rows.get(jobId);
    if (row === undefined || isFinal(row.status)) return Promise.resolve(false);
    this.change(jobId, { status: 'failed', phase: null, error: error.line, errorDetail: error.detail });
    return Promise.resolve(true);
  }

  cancel(jobId: string): Promise<boolean> {
    const row = this.rows.get(jobId);
    if (row === undefined || isFinal(row.status)) return Promise.resolve(false);
    this.change(jobId, { status: 'cancelled', phase: null });
    return Promise.resolve(true);
  }

  noteCancel(jobId: string): Promise<void> {
    this.#hashes.delete(jobId);
    return Promise.resolve();
  }

  remove(userId: string, jobId: string): Promise<boolean> {
    const row = this.rows.get(jobId);
    if (row?.userId !== userId || !isFinal(row.status)) return Promise.resolve(false);
    this.rows.delete(jobId);
    this.#tell(jobId);
    return Promise.resolve(true);
  }

  pending(limit: number): Promise<readonly { jobId: string; userId: string }[]> {
    const ids = [...this.unsent].slice(0, limit);
    return Promise.resolve(ids.map((jobId) => ({ jobId, userId: this.rows.get(jobId)?.userId ?? '' })));
  }

  /** All that are active and were started: no job is ever at work here. */
  quiet({ after }: { readonly after: string }): Promise<readonly { jobId: string }[]> {
    const rows = [...this.rows.values()].filter(
      ({ jobId, status }) => !isFinal(status) && !this.unsent.has(jobId) && jobId > after,
    );
    return Promise.resolve(rows.map(({ jobId }) => ({ jobId })));
  }

  origin(): Promise<{ traceParent: null; plan: string }> {
    return Promise.resolve({ traceParent: null, plan: 'pro' });
  }

  markStarted(jobId: string): Promise<void> {
    this.unsent.delete(jobId);
    return Promise.resolve();
  }

  readonly scenes = unused;
  readonly enterPhase = unused;
  readonly setCacheReport = unused;
  readonly createScenes = unused;
  readonly startScene = unused;
  readonly reportScene = unused;
  readonly finishScene = unused;
  readonly reopenScenes = unused;
  readonly raiseProgress = unused;
  readonly complete = unused;

  repetition(userId: string, { key, bodyHash }: Idempotency): Promise<Repetition | null> {
    return Promise.resolve(this.#repetition(userId, key, bodyHash));
  }

  #repetition(userId: string, key: string, bodyHash: string): Repetition | null {
    const used = this.#keys.get(`${userId} ${key}`);
    if (used === undefined) return null;
    return used.bodyHash === bodyHash ? used.answer : { kind: 'idempotency-mismatch' };
  }

  #known({ userId, idempotency, reuseActive, documentHash }: NewJob): SubmitOutcome | null {
    const repeated =
      idempotency === null ? null : this.#repetition(userId, idempotency.key, idempotency.bodyHash);
    if (repeated !== null) return repeated;
    const equal = this.#active(userId).find((row) => this.#hashes.get(row.jobId) === documentHash);
    return reuseActive && equal !== undefined ? { kind: 'existing', job: equal } : null;
  }

  #refused({
    userId,
    limits: { jobsAtOnce, minutesPerMonth, minutesPerDay },
    minutes,
  }: NewJob): SubmitOutcome | null {
    if (jobsAtOnce !== null && this.#active(userId).length >= jobsAtOnce) return { kind: 'too-many-active' };
    for (const [period, max] of [
      ['month', minutesPerMonth],
      ['day', minutesPerDay],
    ] as const) {
      if (max !== null && minutes > max) return { kind: 'minutes-spent', period, minutesLeft: max };
    }
    return null;
  }

  #create(job: NewJob): SubmitOutcome {
    const { jobId, userId, projectId, submission, idempotency } = job;
    const row = this.add({ jobId, userId, projectId, submission });
    this.#hashes.set(jobId, job.documentHash);
    this.#sent.set(jobId, job.sentMovie);
    if (idempotency !== null) {
      const { key, bodyHash } = idempotency;
      this.#keys.set(`${userId} ${key}`, { bodyHash, answer: { kind: 'repeated', job: row, isNew: true } });
    }
    this.unsent.add(jobId);
    return { kind: 'created', job: row };
  }

  #active(userId: string): readonly JobRow[] {
    return [...this.rows.values()].filter(
      (row) => row.userId === userId && row.parentJobId === null && !isFinal(row.status),
    );
  }

  #count(jobId: string): ChildCounts {
    const scenes = [...this.rows.values()].filter((row) => row.parentJobId === jobId);
    const count = (...statuses: JobStatus[]): number =>
      scenes.filter(({ status }) => statuses.includes(status)).length;
    return {
      total: scenes.length,
      succeeded: count('done'),
      running: count('running', 'waiting'),
      queued: count('queued'),
      failed: count('failed', 'cancelled'),
      cached: scenes.filter(({ isCached }) => isCached).length,
    };
  }

  #tell(jobId: string): void {
    const row = this.rows.get(jobId);
    const isEnd = row !== undefined && isFinal(row.status);
    for (const listener of this.#listeners) if (listener.jobId === jobId) listener.onChange(isEnd);
  }

  #tick(): Date {
    this.#time += 1000;
    return new Date(this.#time);
  }
}

const emptyRow = {
  projectId: 'project_1',
  type: 'render.movie',
  status: 'queued',
  phase: null,
  stage: null,
  progress: 0,
  parentJobId: null,
  sceneId: null,
  sceneIndex: null,
  isCached: false,
  submission: null,
  outputKey: null,
  outputExpiredAt: null,
  error: null,
  errorDetail: null,
  mediaData: null,
  cacheReport: null,
  version: 1,
  startedAt: null,
  endedAt: null,
} as const satisfies Partial<JobRow>;
