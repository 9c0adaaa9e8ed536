import { WebhookEvent } from '../../contract/webhook.ts';
import type { Receiver } from '../support/webhook-receiver.ts';

type FinalEvent = {
  readonly id: string;
  readonly status: WebhookEvent['status'];
  /** What the signature covers. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
};

const ends: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled']);

/** What a receiver was told of how a job ended, once for each attempt. */
export function finalEvents({ received }: Receiver, jobId: string): readonly FinalEvent[] {
  return received.flatMap(({ headers, body, atMs }) => {
    const event = WebhookEvent.parse(JSON.parse(body));
    if (event.jobId !== jobId || !ends.has(event.status)) return [];
    return {
      id: headers['webhook-id'] ?? '',
      status: event.status,
      sentAtMs: Number(headers['webhook-timestamp']) * 1000,
      receivedAtMs: atMs,
    };
  });
}
