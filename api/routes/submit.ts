// Jobs come in: a new document, or an ended job once more.
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { SubmittedJob } from '../../contract/answers.ts';
import { RenderError } from '../../contract/errors.ts';
import { isFinal } from '../../contract/names.ts';
import type { AcceptedJob } from '../../database/ports.ts';
import { type Api, type ApiServer, faultAnswers, JobParams, ownJob } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';
import { DOCUMENT_BYTES_MAX, DocumentBody } from '../document-body.ts';
import { requireSubmission } from '../read-document.ts';
import { submitJob } from '../submit-job.ts';

const SubmitHeaders = z.object({
  'idempotency-key': z.string().min(1).max(255).optional(),
});

export function submitRoutes(server: ApiServer, api: Api): void {
  submit(server, api);
  retry(server, api);
}

function submit(server: ApiServer, api: Api): void {
  server.post(
    '/v1/render/jobs',
    {
      bodyLimit: DOCUMENT_BYTES_MAX,
      schema: {
        operationId: 'submitJob',
        tags: ['jobs'],
        summary: 'Submit a document to be rendered',
        description:
          'Answers 202 with a new job, or 200 with the job of the same Idempotency-Key, or with an active job that renders the same.',
        headers: SubmitHeaders,
        body: DocumentBody,
        response: { 200: SubmittedJob, 202: SubmittedJob, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const submission = await requireSubmission(api, caller.user.userId, request.body);
      const key = request.headers['idempotency-key'];
      const idempotency =
        key === undefined ? null : { key, bodyHash: await api.judge.run('hashBody', request.body) };
      const { job, isNew } = await submitJob(api, { caller, submission, idempotency });
      return sendSubmitted(reply, job, isNew);
    },
  );
}

function retry(server: ApiServer, api: Api): void {
  server.post(
    '/v1/jobs/:jobId/retry',
    {
      schema: {
        operationId: 'retryJob',
        tags: ['jobs'],
        summary: 'Render the document of an ended job again, as a new job',
        description: 'Scenes that were rendered before come from the cache.',
        params: JobParams,
        response: { 200: SubmittedJob, 202: SubmittedJob, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const ended = await ownJob(api, caller, request.params.jobId);
      if (ended.submission === null)
        throw new RenderError('INVALID_STATE', 'A scene is retried with its job.');
      if (!isFinal(ended.status)) throw new RenderError('INVALID_STATE', 'The job is active.');
      const { submission } = ended;
      const { job, isNew } = await submitJob(api, { caller, submission, idempotency: null });
      return sendSubmitted(reply, job, isNew);
    },
  );
}

function sendSubmitted(reply: FastifyReply, job: AcceptedJob, isNew: boolean): SubmittedJob {
  reply.code(isNew ? 202 : 200).header('location', `/v1/jobs/${job.jobId}`);
  return { jobId: job.jobId, status: job.status };
}
