// What the server answers beside jobs and assets.
import { z } from 'zod';
import { Asset } from './asset.ts';
import { JobView } from './job.ts';
import { jobStatuses } from './names.ts';
import { sandboxStates } from './worker-identity.ts';

/** Every answer that is not a success. */
export const ErrorBody = z.object({
  error: z.string().describe('For a person: what is wrong, and what to do.'),
  code: z.string().describe('For a program: a code of the catalogue.'),
  details: z
    .array(z.object({ path: z.string(), message: z.string(), hint: z.string().nullable() }))
    .optional()
    .describe(
      'Of a 400: every wrong field by its path, such as `movie.scenes[3].duration` or `query.limit`.',
    ),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

const nextCursor = z.string().nullable().describe('`cursor` of the next page; null at the end.');

export const SubmittedJob = z.object({ jobId: z.string(), status: z.enum(jobStatuses) });
export type SubmittedJob = z.infer<typeof SubmittedJob>;

export const JobList = z.object({
  jobs: z.array(JobView),
  nextCursor,
});
export type JobList = z.infer<typeof JobList>;

/** The data of a server-sent event: the job without what does not change while it runs. */
export const JobEvent = JobView.omit({ payload: true, cacheReport: true });
export type JobEvent = z.infer<typeof JobEvent>;

/** `JobEvent` as text, which is all that a server-sent event can carry. */
export const JobEventText = z.string().describe('JSON of a JobEvent.');

/** A server-sent event of a job's progress. */
export const JobMessage = z.object({
  id: z.string().describe('The version of the job; `Last-Event-ID` goes on from here.'),
  event: z.enum(['progress', 'done', 'failed', 'cancelled']).describe('All but `progress` are the last.'),
  data: JobEventText,
});

export const Artifact = z.object({
  name: z.enum(['output.mp4', 'thumbnail.jpg', 'metadata.json']),
  contentType: z.string(),
  bytes: z.int().nonnegative(),
  url: z.string().describe('Signed; works without a key until it expires.'),
  expiresAt: z.string(),
});
export type Artifact = z.infer<typeof Artifact>;

export const ArtifactList = z.object({ artifacts: z.array(Artifact) });
export type ArtifactList = z.infer<typeof ArtifactList>;

export const Account = z.object({ userId: z.string(), plan: z.string(), email: z.string() });
export type Account = z.infer<typeof Account>;

const Minutes = z.object({
  minutesUsed: z.number(),
  minutesLeft: z.number().nullable().describe('Neither used nor reserved. Null: no limit.'),
});

export const AccountUsage = z.object({
  month: Minutes.describe('Since the 1st, 00:00 UTC.'),
  today: Minutes.describe('Since 00:00 UTC.'),
  minutesReserved: z
    .number()
    .describe('Of active jobs: used once they are done, given back when they fail or are cancelled.'),
  activeJobs: z.int(),
  activeJobsMax: z.int().nullable().describe('Null: no limit.'),
});
export type AccountUsage = z.infer<typeof AccountUsage>;

export const ApiKeyInfo = z.object({
  keyId: z.string(),
  name: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable().describe('To the minute.'),
  revokedAt: z.string().nullable(),
});
export type ApiKeyInfo = z.infer<typeof ApiKeyInfo>;

export const ApiKeyList = z.object({ keys: z.array(ApiKeyInfo) });

export const IssuedApiKey = ApiKeyInfo.extend({ key: z.string().describe('Shown this once.') });

export const Project = z.object({ projectId: z.string(), name: z.string(), createdAt: z.string() });
export type Project = z.infer<typeof Project>;

export const ProjectList = z.object({ projects: z.array(Project), nextCursor });
export type ProjectList = z.infer<typeof ProjectList>;

export const AssetList = z.object({ assets: z.array(Asset), nextCursor });
export type AssetList = z.infer<typeof AssetList>;

/** All faults of a document at once; none where it is valid. */
export const Validation = z.object({
  valid: z.boolean(),
  issues: z.array(
    z.object({ code: z.string(), path: z.string(), message: z.string(), hint: z.string().nullable() }),
  ),
});
export type Validation = z.infer<typeof Validation>;

export const Readiness = z.object({
  status: z.literal('ready'),
  sandbox: z
    .enum(sandboxStates)
    .describe('How FFmpeg is shut in on the media workers seen in the last minutes.'),
});
export const Health = z.object({ status: z.literal('ok') });
