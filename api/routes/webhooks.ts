// How deliveries to callers' own servers went, sending them again, and the secret they are signed with.
import { z } from 'zod';
import { RenderError } from '../../contract/errors.ts';
import {
  deliveryStatuses,
  NewWebhookSecret,
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookSecretState,
} from '../../contract/webhook.ts';
import type { DeliveryRow } from '../../database/webhook-ports.ts';
import { type Api, type ApiServer, faultAnswers, JobParams, PageQuery } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';
import { newSecret, secretState } from '../webhooks/secrets.ts';

const DeliveryParams = z.object({
  deliveryId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,160}$/)
    .describe('What the event came with as `webhook-id`.'),
});

const DeliveryQuery = PageQuery.extend({
  jobId: JobParams.shape.jobId.optional().describe('Of this job only.'),
  status: z.enum(deliveryStatuses).optional().describe('In this state only.'),
});

export function webhookRoutes(server: ApiServer, api: Api): void {
  listDeliveries(server, api);
  getDelivery(server, api);
  resend(server, api);
  getSecret(server, api);
  renewSecret(server, api);
}

function listDeliveries(server: ApiServer, api: Api): void {
  server.get(
    '/v1/webhooks/deliveries',
    {
      schema: {
        operationId: 'listWebhookDeliveries',
        tags: ['webhooks'],
        summary: 'Final events of jobs with a callbackUrl, newest first, with their attempts',
        querystring: DeliveryQuery,
        response: { 200: WebhookDeliveryList, ...faultAnswers },
      },
    },
    async (request) => {
      const { limit, cursor, jobId, status } = request.query;
      const page = await api.webhooks.list(callerOf(request).user.userId, {
        limit,
        cursor: cursor ?? null,
        jobId: jobId ?? null,
        status: status ?? null,
      });
      return { deliveries: page.deliveries.map(viewDelivery), nextCursor: page.nextCursor };
    },
  );
}

function getDelivery(server: ApiServer, api: Api): void {
  server.get(
    '/v1/webhooks/deliveries/:deliveryId',
    {
      schema: {
        operationId: 'getWebhookDelivery',
        tags: ['webhooks'],
        summary: 'One delivery with its attempts',
        params: DeliveryParams,
        response: { 200: WebhookDelivery, ...faultAnswers },
      },
    },
    async (request) => ownDelivery(api, callerOf(request).user.userId, request.params.deliveryId),
  );
}

function resend(server: ApiServer, api: Api): void {
  server.post(
    '/v1/webhooks/deliveries/:deliveryId/resend',
    {
      schema: {
        operationId: 'resendWebhook',
        tags: ['webhooks'],
        summary: 'Send a final event again',
        description:
          'At once, under the same id, with all its retries; whether it was accepted before or not.',
        params: DeliveryParams,
        response: { 202: WebhookDelivery, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request).user;
      const { deliveryId } = request.params;
      await api.webhooks.resend(userId, deliveryId);
      reply.code(202);
      return ownDelivery(api, userId, deliveryId);
    },
  );
}

function getSecret(server: ApiServer, api: Api): void {
  server.get(
    '/v1/webhooks/secret',
    {
      schema: {
        operationId: 'getWebhookSecret',
        tags: ['webhooks'],
        summary: 'When the webhook secret was made; never the secret',
        response: { 200: WebhookSecretState, ...faultAnswers },
      },
    },
    async (request) => secretState(api, await api.webhooks.secret(callerOf(request).user.userId)),
  );
}

function renewSecret(server: ApiServer, api: Api): void {
  server.post(
    '/v1/webhooks/secret',
    {
      schema: {
        operationId: 'renewWebhookSecret',
        tags: ['webhooks'],
        summary: 'Make a webhook secret, shown this once',
        description: 'Where there was one before, events are signed with both for a day.',
        response: { 201: NewWebhookSecret, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request).user;
      reply.code(201).header('cache-control', 'no-store');
      return newSecret(api, userId, await api.webhooks.renewSecret(userId));
    },
  );
}

async function ownDelivery(api: Api, userId: string, deliveryId: string): Promise<WebhookDelivery> {
  const row = await api.webhooks.find(userId, deliveryId);
  if (row === null) throw new RenderError('NOT_FOUND', `There is no delivery "${deliveryId}".`);
  return viewDelivery(row);
}

function viewDelivery(row: DeliveryRow): WebhookDelivery {
  const { deliveryId, jobId, url, event, status, attemptCount } = row;
  return {
    deliveryId,
    jobId,
    url,
    event,
    status,
    attemptCount,
    attempts: row.attempts.map((attempt) => ({ ...attempt, startedAt: attempt.startedAt.toISOString() })),
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
