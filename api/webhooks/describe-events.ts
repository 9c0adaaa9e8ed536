import { z } from 'zod';
import { WebhookEvent } from '../../contract/webhook.ts';

/** What is posted to a callbackUrl, for the OpenAPI document. */
export function describeEvents() {
  // The dialect is that of the document around it.
  const schema = { ...z.toJSONSchema(WebhookEvent), $schema: undefined };
  return {
    jobEvent: {
      post: {
        operationId: 'jobEvent',
        tags: ['webhooks'],
        summary: 'Posted to the callbackUrl of a job: progress while it runs, and how it ended',
        description:
          'Signed by `webhook-signature` (Standard Webhooks) and `x-render-signature` (HMAC-SHA256 of the raw body, hexadecimal). The final event is sent again until it is accepted, under the same `webhook-id`.',
        parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'x-render-signature'].map(
          (name) => ({
            name,
            in: 'header',
            required: true,
            schema: { type: 'string' },
          }),
        ),
        requestBody: { required: true, content: { 'application/json': { schema } } },
        responses: { '2XX': { description: 'Accepted; anything else is tried again.' } },
      },
    },
  };
}
