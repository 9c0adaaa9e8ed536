// The questions the rest of the house asks the database, one method each. Rows are plain data; times are Dates.
import type { CacheReportEntry, ChildCounts, ErrorDetail, MediaData } from '../contract/job.ts';
import type { JobStatus, JobType, Phase, Stage } from '../contract/names.ts';
import type { RenderSubmission } from '../contract/submission.ts';

export type UserRow = { readonly userId: string; readonly email: string; readonly plan: string };

export type PlanRow = {
  readonly plan: string;
  /** Null: no limit. */
  readonly minutesPerMonth: number | null;
  readonly minutesPerDay: number | null;
  readonly jobsAtOnce: number | null;
  readonly filmSecondsMax: number;
  readonly widthMax: number;
  readonly heightMax: number;
  readonly hasApi: boolean;
  readonly retentionDays: number | null;
  readonly requestsPerMinute: number | null;
};

export type Usage = {
  readonly minutesThisMonth: number;
  readonly minutesToday: number;
  /** Held by active jobs: booked when they are done, given back when they end otherwise. */
  readonly minutesReserved: number;
  readonly activeJobs: number;
};

export type ProjectRow = {
  readonly projectId: string;
  readonly userId: string;
  readonly name: string;
  readonly createdAt: Date;
};

export type JobRow = {
  readonly jobId: string;
  readonly userId: string;
  readonly projectId: string;
  readonly type: JobType;
  readonly status: JobStatus;
  readonly phase: Phase | null;
  readonly stage: Stage | null;
  readonly progress: number;
  readonly parentJobId: string | null;
  readonly sceneId: string | null;
  /** Plan index of a scene job. */
  readonly sceneIndex: number | null;
  readonly isCached: boolean;
  readonly submission: RenderSubmission | null;
  readonly outputKey: string | null;
  /** When the output was removed because the plan keeps it no longer. */
  readonly outputExpiredAt: Date | null;
  readonly error: string | null;
  readonly errorDetail: ErrorDetail | null;
  readonly mediaData: MediaData | null;
  readonly cacheReport: readonly CacheReportEntry[] | null;
  /** Counts every change; the id of its server-sent event. */
  readonly version: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** A job as it is shown: with the counts of its scenes, and the movie as it was sent, null where that was not asked for or kept. */
export type ShownJob = JobRow & { readonly children: ChildCounts; readonly sentMovie: unknown };

/** What a caller sent; the submission is what was read of it, and null for a scene. */
export type SentJob = Pick<JobRow, 'submission'> & Pick<ShownJob, 'sentMovie'>;

export type NewJob = {
  readonly jobId: string;
  readonly userId: string;
  readonly projectId: string;
  readonly submission: RenderSubmission;
  /** The movie of it as its sender wrote it; null where that is not known any more. */
  readonly sentMovie: unknown;
  /** Over document and output settings; equal for submissions that would encode the same. */
  readonly documentHash: string;
  readonly reuseActive: boolean;
  /** Null where the caller sent no Idempotency-Key. */
  readonly idempotency: Idempotency | null;
  /** Where in a trace it was submitted, as W3C writes it; null where nobody traces. */
  readonly traceParent: string | null;
  /** Of the film; held against the user's minutes while the job is active. */
  readonly minutes: number;
  /** Held in the same transaction. */
  readonly limits: Pick<PlanRow, 'jobsAtOnce' | 'minutesPerMonth' | 'minutesPerDay'>;
  /** Tells which month and day it is; null: the database's clock, by which minutes are booked, too. */
  readonly now: Date | null;
};

/** `bodyHash` is over the whole body. */
export type Idempotency = { readonly key: string; readonly bodyHash: string };

export type AcceptedJob = Pick<JobRow, 'jobId' | 'status'>;

/** What an idempotency key was used for within the last day. */
export type Repetition =
  /** The answer that was given then, whatever became of the job. */
  | { readonly kind: 'repeated'; readonly job: AcceptedJob; readonly isNew: boolean }
  | { readonly kind: 'idempotency-mismatch' };

export type SubmitOutcome =
  | { readonly kind: 'created'; readonly job: AcceptedJob }
  /** An active equal job. */
  | { readonly kind: 'existing'; readonly job: AcceptedJob }
  | Repetition
  | { readonly kind: 'too-many-active' }
  | { readonly kind: 'minutes-spent'; readonly period: 'month' | 'day'; readonly minutesLeft: number };

export type NewSceneJob = {
  readonly jobId: string;
  readonly sceneId: string;
  readonly sceneIndex: number;
  readonly isCached: boolean;
  /** Share of the parent's progress. */
  readonly weight: number;
};

export type JobFilter = {
  readonly limit: number;
  /** From the previous page; opaque to callers. */
  readonly cursor: string | null;
  readonly type: JobType | null;
  readonly status: JobStatus | null;
  /** Null lists top-level jobs, or those of all parents where the type is one of a part. */
  readonly parentJobId: string | null;
};

/** Every read by a caller names the user; another user's row is not found. */
export interface JobRepository {
  /** Job row, outbox row, idempotency key: one transaction. */
  submit(job: NewJob): Promise<SubmitOutcome>;
  /** Null for a key that is new, or older than a day. `submit` looks again. */
  repetition(userId: string, idempotency: Idempotency): Promise<Repetition | null>;
  /** Without the document and the cache report, as in a list. */
  find(userId: string, jobId: string): Promise<JobRow | null>;
  /** With the counts of its scenes; "progress" leaves out the document and the cache report, which may be large. */
  show(userId: string, jobId: string, what: 'whole' | 'progress'): Promise<ShownJob | null>;
  /** Null where there is no such job. */
  sent(userId: string, jobId: string): Promise<SentJob | null>;
  /** For activities, which work for any user. */
  get(jobId: string): Promise<JobRow | null>;
  list(
    userId: string,
    filter: JobFilter,
  ): Promise<{ readonly jobs: readonly JobRow[]; readonly nextCursor: string | null }>;
  children(jobIds: readonly string[]): Promise<ReadonlyMap<string, ChildCounts>>;
  /** All scene jobs of a job, by plan index. */
  scenes(jobId: string): Promise<readonly JobRow[]>;
  /** Moves an active job on; an ended or later one is left alone. Returns whether the job is still active. */
  enterPhase(jobId: string, status: JobStatus, phase: Phase, stage: Stage): Promise<boolean>;
  setCacheReport(jobId: string, report: readonly CacheReportEntry[]): Promise<void>;
  /** Idempotent by scene job id; cached ones are done at once. */
  createScenes(jobId: string, scenes: readonly NewSceneJob[]): Promise<void>;
  startScene(sceneJobId: string, attempt: number): Promise<void>;
  /** 0–1; raises the scene's and, by weight, the parent's progress; never lowers either. */
  reportScene(sceneJobId: string, progress: number, stage: Stage): Promise<void>;
  finishScene(sceneJobId: string, isCached: boolean): Promise<void>;
  /** Puts scenes whose clips were lost back to queued. */
  reopenScenes(jobId: string, sceneIndices: readonly number[]): Promise<void>;
  /** Progress of assembling and uploading, as a share 0–1 of the whole job. */
  raiseProgress(jobId: string, progress: number, stage: Stage): Promise<void>;
  /** Done, with the minutes booked, in one transaction; a job that has ended is left as it is (false). */
  complete(
    jobId: string,
    result: { readonly outputKey: string; readonly mediaData: MediaData },
  ): Promise<boolean>;
  /** The first end wins. Scene jobs not ended are cancelled; the one named fails. */
  fail(jobId: string, error: { readonly line: string; readonly detail: ErrorDetail }): Promise<boolean>;
  cancel(jobId: string): Promise<boolean>;
  /** That its workflow was asked to cancel it: from now on no equal submission is given this job. */
  noteCancel(jobId: string): Promise<void>;
  /** Removes an ended job and its scene jobs; false where it is active. */
  remove(userId: string, jobId: string): Promise<boolean>;
}

/** Jobs accepted but not yet known to Temporal. */
export interface OutboxRepository {
  /** Rows not sent yet, oldest first. */
  pending(limit: number): Promise<readonly { readonly jobId: string; readonly userId: string }[]>;
  markStarted(jobId: string): Promise<void>;
  /** What is to be known of a job's submission when it is started; null where there is no such job. */
  origin(jobId: string): Promise<JobOrigin | null>;
  /** Active jobs that were started and have not changed for so long, in the order of their ids, after the one named. */
  quiet(search: QuietSearch): Promise<readonly { readonly jobId: string }[]>;
}

/** Where in a trace a job was submitted, and by a user of which plan. */
export type JobOrigin = { readonly traceParent: string | null; readonly plan: string };

export type QuietSearch = {
  readonly quietSeconds: number;
  readonly after: string;
  readonly limit: number;
};

export type NewKey = {
  readonly keyId: string;
  readonly userId: string;
  readonly secretHash: string;
  readonly name: string;
};

/** All that may be told of a key. */
export type KeyInfo = {
  readonly keyId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
};

export type RequestWindow = { readonly requestsMax: number; readonly windowSeconds: number };

/** `waitSeconds` is 0 where the request may go on. */
export type RequestTaken = { readonly requestsLeft: number; readonly waitSeconds: number };

export interface AccountRepository {
  /** By id of the key; the secret's hash is compared by the caller in constant time. */
  findKey(keyId: string): Promise<{
    readonly secretHash: string;
    readonly isRevoked: boolean;
    readonly user: UserRow;
    readonly plan: PlanRow;
  } | null>;
  touchKey(keyId: string): Promise<void>;
  /** Of the keys named those that are not revoked and whose user's plan has the API. */
  workingKeys(keyIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Enters one request into the sliding window of a key, across all processes. */
  takeRequest(keyId: string, window: RequestWindow): Promise<RequestTaken>;
  createUser(user: UserRow): Promise<void>;
  /** With an id and a secret that the caller chose; for the first key of an installation. */
  createKey(key: NewKey): Promise<void>;
  /** A further key of a user; null where there are as many as allowed. */
  issueKey(key: NewKey, keysMax: number): Promise<KeyInfo | null>;
  /** Those that work first, newest first. */
  listKeys(userId: string): Promise<readonly KeyInfo[]>;
  /** False where the user has no such key. */
  revokeKey(userId: string, keyId: string): Promise<boolean>;
  /** Of the month and day of a moment; null: of now, by the database's clock. */
  usage(userId: string, now: Date | null): Promise<Usage>;
  /** With an id that the caller chose; for the first project of a user. */
  createProject(project: Omit<ProjectRow, 'createdAt'>): Promise<ProjectRow>;
  /** A further project of a user; null where there are as many as allowed. */
  addProject(project: Omit<ProjectRow, 'createdAt'>, projectsMax: number): Promise<ProjectRow | null>;
  findProject(userId: string, projectId: string): Promise<ProjectRow | null>;
  /** Newest first. */
  listProjects(
    userId: string,
    page: { readonly limit: number; readonly cursor: string | null },
  ): Promise<{ readonly projects: readonly ProjectRow[]; readonly nextCursor: string | null }>;
}

/** What each scene id of a project was last rendered from. */
export interface SceneHistory {
  last(
    projectId: string,
    sceneIds: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly key: string; readonly source: unknown }>>;
  record(
    projectId: string,
    scenes: readonly { readonly sceneId: string; readonly key: string; readonly source: unknown }[],
  ): Promise<void>;
}
