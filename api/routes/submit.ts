// Jobs come in: a new document, or an ended job once more.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SubmittedJob } from '../../contract/answers.ts';
import { RenderError } from '../../contract/errors.ts';
import { isFinal } from '../../contract/names.ts';
import type { JobRow, NewJob } from '../../database/ports.ts';
import { type Api, type ApiServer, faultAnswers, JobParams, ownJob, sentJob } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';
import { DOCUMENT_BYTES_MAX, DocumentBody } from '../document-body.ts';
import { requireSubmission } from '../read-document.ts';
import { sentMovie } from '../sent-movie.ts';
import { repeatAnswer, type Submitted, submitJob } from '../submit-job.ts';

const SubmitHeaders = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('One of your own: repeat the request with it as often as the network demands.'),
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
          'Answers 202 with a new job, or 200 with an active job that renders the same. The same Idempotency-Key and body get the same answer for 24 hours.',
        headers: SubmitHeaders,
        body: DocumentBody,
        response: { 200: SubmittedJob, 202: SubmittedJob, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const idempotency = await readIdempotency(api, request, request.body);
      const repeated = await repeatAnswer(api, caller, idempotency);
      if (repeated !== null) return sendSubmitted(reply, repeated);
      const submission = await requireSubmission(api, caller.user.userId, request.body);
      const sent = { submission, sentMovie: sentMovie(request.body) };
      return sendSubmitted(reply, await submitJob(api, { caller, ...sent, idempotency }));
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
        description: 'Scenes that were rendered before come from the cache. Takes an Idempotency-Key, too.',
        headers: SubmitHeaders,
        params: JobParams,
        response: { 200: SubmittedJob, 202: SubmittedJob, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { jobId } = request.params;
      const idempotency = await readIdempotency(api, request, { retry: jobId });
      const repeated = await repeatAnswer(api, caller, idempotency);
      if (repeated !== null) return sendSubmitted(reply, repeated);
      refuseRetry(await ownJob(api, caller, jobId));
      const sent = await sentJob(api, caller, jobId);
      return sendSubmitted(reply, await submitJob(api, { caller, ...sent, idempotency }));
    },
  );
}

function refuseRetry({ status, parentJobId }: JobRow): void {
  if (parentJobId !== null)
    throw new RenderError('INVALID_STATE', 'A scene is retried with its job.', {
      hint: `Retry ${parentJobId}.`,
    });
  if (isFinal(status)) return;
  throw new RenderError('INVALID_STATE', `The job is active: it is ${status}.`, {
    hint: 'Cancel it first, or wait for its end.',
  });
}

async function readIdempotency(
  api: Api,
  request: FastifyRequest & { readonly headers: z.infer<typeof SubmitHeaders> },
  body: unknown,
): Promise<NewJob['idempotency']> {
  const { 'idempotency-key': key } = request.headers;
  if (key === undefined) return null;
  return { key, bodyHash: await api.judge.run(callerOf(request).user.userId, 'hashBody', body) };
}

function sendSubmitted(reply: FastifyReply, { job, isNew }: Submitted): SubmittedJob {
  reply.code(isNew ? 202 : 200).header('location', `/v1/jobs/${job.jobId}`);
  return { jobId: job.jobId, status: job.status };
}
