// Jobs as the API shows them.
import { z } from 'zod';
import { jobStatuses, jobTypes, phases, stages } from './names.ts';

export const MediaData = z.object({
  duration: z.number().describe('Seconds.'),
  width: z.int(),
  height: z.int(),
  fileSize: z.int().describe('Bytes.'),
  fps: z.number(),
  videoCodec: z.string(),
  audioCodec: z.string().nullable(),
  sha256: z.string().describe("Of the film's bytes, lower-case hexadecimal."),
});
export type MediaData = z.infer<typeof MediaData>;

export const ErrorDetail = z.object({
  code: z.string(),
  hint: z.string().nullable(),
  sceneId: z.string().nullable(),
  sceneIndex: z.int().nullable().describe('Counted from 0, in the order of the film.'),
  attempt: z.int().nullable().describe('Counted from 1.'),
  stderrTail: z.string().nullable().describe('The last lines that FFmpeg wrote, at most 4 KB.'),
});
export type ErrorDetail = z.infer<typeof ErrorDetail>;

export const ChildCounts = z.object({
  total: z.int(),
  succeeded: z.int(),
  running: z.int(),
  queued: z.int(),
  failed: z.int(),
  cached: z.int().describe('Of those that succeeded: not rendered, but found in the cache.'),
});
export type ChildCounts = z.infer<typeof ChildCounts>;

/** Per scene: was it rendered before, and if not, what changed since the last render of this scene id in the project. */
export const CacheReportEntry = z.object({
  sceneId: z.string(),
  sceneIndex: z.int(),
  result: z.enum(['hit', 'miss']),
  reason: z.enum(['cached', 'first-render', 'changed', 'clip-lost', 'cache-off']),
  changedPaths: z
    .array(z.string())
    .describe('JSON paths such as "movie.scenes[3].layers[0].text"; empty unless the reason is "changed".'),
});
export type CacheReportEntry = z.infer<typeof CacheReportEntry>;

export const JobView = z.object({
  jobId: z.string(),
  type: z
    .union([z.literal('render'), z.enum(jobTypes)])
    .describe('"render" for the job a caller submitted; its parts carry their full type.'),
  status: z.enum(jobStatuses).describe('It ends as done, failed or cancelled, and stays so.'),
  phase: z.enum(phases).nullable().describe('Null before the job begins and once it has ended.'),
  stage: z.enum(stages).nullable().describe('The phase in words.'),
  progress: z.number().min(0).max(1).describe('0–1, never goes back.'),
  parentJobId: z.string().nullable().describe('Of a scene: its job.'),
  sceneId: z.string().nullable().describe('Of a scene: its id in the document.'),
  isCached: z.boolean().describe('A scene that came from the cache.'),
  outputUrl: z
    .string()
    .nullable()
    .describe(
      'Of a job that is done: a link that works without a key for a while; each answer has a fresh one.',
    ),
  outputExpiredAt: z
    .string()
    .nullable()
    .describe('When the output was removed because the plan keeps it no longer; outputUrl is null since.'),
  error: z.string().nullable().describe('Of a job that failed: `CODE: text`.'),
  errorDetail: ErrorDetail.nullable(),
  mediaData: MediaData.nullable().describe('Null before the job is done.'),
  payload: z
    .object({
      projectId: z.string(),
      movie: z.unknown().describe('As it was sent, with notes under `x-` and without defaults.'),
    })
    .nullable()
    .describe('Null in a list, and of a scene.'),
  children: ChildCounts.nullable().describe('The scenes of the job; null of a scene.'),
  cacheReport: z
    .array(CacheReportEntry)
    .nullable()
    .describe('Null in a list, of a scene, and before the job is dispatched.'),
  startedAt: z
    .string()
    .nullable()
    .describe('Phase by phase and scene by scene: when it began and ended. Null until it did.'),
  endedAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type JobView = z.infer<typeof JobView>;
