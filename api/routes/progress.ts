// A job's progress as it happens.
import { z } from 'zod';
import { JobMessage } from '../../contract/answers.ts';
import { type Api, type ApiServer, faultAnswers, JobParams, ownJob } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';
import type { VersionedEvent } from '../job-event-stream.ts';
import { jobEvent, viewJob } from '../job-view.ts';
import { SharedLooks } from '../shared-looks.ts';

const ResumeHeaders = z.object({
  'last-event-id': z
    .string()
    .max(64)
    .optional()
    .describe(
      'The `id` of the last event seen: the present state is not told again. Any other text counts as none.',
    ),
});

export function progressRoutes(server: ApiServer, api: Api): void {
  const looks = new SharedLooks<VersionedEvent | null>();
  server.get(
    '/v1/jobs/:jobId/progress',
    {
      schema: {
        operationId: 'followJob',
        tags: ['jobs'],
        summary: 'Follow a job by server-sent events',
        description:
          'Sends the present state at once and then every change as `progress` events, then one `done`, `failed` or `cancelled` event, and closes. Data: the job without payload and cacheReport. `id` is the version of the job; `Last-Event-ID` resumes. Closes without a final event when the key stops working, which is looked at every 15 s.',
        params: JobParams,
        headers: ResumeHeaders,
        response: {
          200: {
            description: 'Events until the job has ended; the schema is that of each',
            content: { 'text/event-stream': { schema: JobMessage } },
          },
          ...faultAnswers,
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { userId } = caller.user;
      const { jobId } = await ownJob(api, caller, request.params.jobId);
      const reader = { request, reply, caller };
      await api.eventStreams.serve(reader, {
        read: () => looks.look(jobId, () => readEvent(api, userId, jobId)),
        subscribe: (onChange) => api.changes.subscribe(jobId, onChange),
        lastSeen: readVersion(request.headers['last-event-id']),
        log: request.log,
      });
      return reply;
    },
  );
}

async function readEvent(api: Api, userId: string, jobId: string): Promise<VersionedEvent | null> {
  const job = await api.jobs.show(userId, jobId, 'progress');
  return job === null ? null : { version: job.version, data: jobEvent(viewJob(api.links, job)) };
}

function readVersion(header: string | undefined): number {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : -1;
}
