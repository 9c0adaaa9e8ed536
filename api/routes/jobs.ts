// Jobs are looked at, stopped and removed.
import { z } from 'zod';
import { JobList } from '../../contract/answers.ts';
import { JobView } from '../../contract/job.ts';
import { type JobType, jobStatuses, jobTypes } from '../../contract/names.ts';
import {
  type Api,
  type ApiServer,
  faultAnswers,
  JobParams,
  ownJob,
  ownShownJob,
  PageQuery,
} from '../api-server.ts';
import { callerOf } from '../authenticate.ts';
import { cancelJob } from '../cancel-job.ts';
import { viewJob, viewJobs } from '../job-view.ts';
import { removeJob } from '../remove-job.ts';

const JobListQuery = PageQuery.extend({
  type: z
    .enum(['render', ...jobTypes])
    .optional()
    .describe(
      '`render`, as `render.movie`: what callers submit. `render.scene`: scenes of all jobs. Of the two others there are none: they are phases of a job.',
    ),
  status: z.enum(jobStatuses).optional().describe('In this state only.'),
  parentJobId: JobParams.shape.jobId.optional().describe('Lists the scenes of this job.'),
});

export function jobRoutes(server: ApiServer, api: Api): void {
  getJob(server, api);
  listJobs(server, api);
  cancel(server, api);
  remove(server, api);
}

function getJob(server: ApiServer, api: Api): void {
  server.get(
    '/v1/jobs/:jobId',
    {
      schema: {
        operationId: 'getJob',
        tags: ['jobs'],
        summary: 'The state of a job',
        params: JobParams,
        response: { 200: JobView, ...faultAnswers },
      },
    },
    async (request) => viewJob(api.links, await ownShownJob(api, callerOf(request), request.params.jobId)),
  );
}

function listJobs(server: ApiServer, api: Api): void {
  server.get(
    '/v1/jobs',
    {
      schema: {
        operationId: 'listJobs',
        tags: ['jobs'],
        summary: 'Jobs, newest first, or the scenes of one',
        description: 'Without payload and cacheReport, which may be large: ask for the job itself.',
        querystring: JobListQuery,
        response: { 200: JobList, ...faultAnswers },
      },
    },
    async (request) => {
      const { limit, cursor, type, status, parentJobId } = request.query;
      const page = await api.jobs.list(callerOf(request).user.userId, {
        limit,
        cursor: cursor ?? null,
        type: rowType(type),
        status: status ?? null,
        parentJobId: parentJobId ?? null,
      });
      return { jobs: await viewJobs(api, page.jobs), nextCursor: page.nextCursor };
    },
  );
}

function cancel(server: ApiServer, api: Api): void {
  server.post(
    '/v1/jobs/:jobId/cancel',
    {
      schema: {
        operationId: 'cancelJob',
        tags: ['jobs'],
        summary: 'Stop an active job',
        description: 'Answers with the job as it is now; it is "cancelled" once its encoders have stopped.',
        params: JobParams,
        response: { 202: JobView, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      await cancelJob(api, await ownJob(api, caller, request.params.jobId));
      reply.code(202);
      return viewJob(api.links, await ownShownJob(api, caller, request.params.jobId));
    },
  );
}

function remove(server: ApiServer, api: Api): void {
  server.delete(
    '/v1/jobs/:jobId',
    {
      schema: {
        operationId: 'deleteJob',
        tags: ['jobs'],
        summary: 'Remove an ended job and its artifacts',
        params: JobParams,
        response: { 204: z.null(), ...faultAnswers },
      },
    },
    async (request, reply) => {
      await removeJob(api, await ownJob(api, callerOf(request), request.params.jobId));
      return reply.code(204).send(null);
    },
  );
}

function rowType(type: JobType | 'render' | undefined): JobType | null {
  return type === 'render' ? 'render.movie' : (type ?? null);
}
