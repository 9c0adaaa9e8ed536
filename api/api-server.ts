import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ErrorBody } from '../contract/answers.ts';
import { RenderError } from '../contract/errors.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import type { JobRow, SentJob, ShownJob } from '../database/ports.ts';
import type { Caller } from './authenticate.ts';
import type { JobEventStreams } from './job-event-streams.ts';
import type { ObjectLinks } from './object-links.ts';
import type { ApiServices } from './services.ts';

/** What a file of routes adds its routes to. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes work with. */
export type Api = ApiServices & { readonly links: ObjectLinks; readonly eventStreams: JobEventStreams };

/** Answers that every route may give beside its own. */
export const faultAnswers = { '4xx': ErrorBody, '5xx': ErrorBody } as const;

/** Ids of ours; what cannot be one is refused before the database sees it. */
export const JobParams = z.object({
  jobId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/)
    .describe('Of a job, or of one of its scenes.'),
});

/** The caller's job without its document, or NOT_FOUND. */
export async function ownJob(api: Api, caller: Caller, jobId: string): Promise<JobRow> {
  return found(jobId, await api.jobs.find(caller.user.userId, jobId));
}

/** All of it, as an answer shows it. */
export async function ownShownJob(api: Api, caller: Caller, jobId: string): Promise<ShownJob> {
  return found(jobId, await api.jobs.show(caller.user.userId, jobId, 'whole'));
}

/** What a caller sent for a job of theirs. */
export async function sentJob(
  api: Api,
  caller: Caller,
  jobId: string,
): Promise<SentJob & { readonly submission: RenderSubmission }> {
  const { submission, sentMovie } = found(jobId, await api.jobs.sent(caller.user.userId, jobId));
  return { submission: found(jobId, submission), sentMovie };
}

function found<Row>(jobId: string, job: Row | null): Row {
  if (job === null) throw new RenderError('NOT_FOUND', `There is no job "${jobId}".`);
  return job;
}

/** Pages of a list. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25).describe('The most that one page holds.'),
  cursor: z.string().min(1).max(512).optional().describe('`nextCursor` of the page before.'),
});
