import type { NewWebhookSecret, WebhookSecretState } from '../../contract/webhook.ts';
import type { SecretRow } from '../../database/webhook-ports.ts';
import type { ApiServices } from '../services.ts';
import { webhookSecret } from './signature.ts';

/** So long both are signed with: receivers are not all given the new one in the same moment. */
const OVERLAP_MS = 24 * 3_600_000;

type Services = Pick<ApiServices, 'settings' | 'clock'>;

/** What events of a user are signed with now: the current secret, and for a while the one before. */
export function currentSecrets(
  services: Services,
  userId: string,
  row: SecretRow | null,
): readonly [string, ...string[]] {
  const make = (generation: number): string => webhookSecret(keyOf(services), userId, generation);
  const current = make(row?.generation ?? 0);
  return row !== null && previousUntil(services, row) !== null
    ? [current, make(row.generation - 1)]
    : [current];
}

export function secretState(services: Services, row: SecretRow | null): WebhookSecretState {
  return {
    createdAt: row?.createdAt.toISOString() ?? null,
    previousUntil: row === null ? null : previousUntil(services, row),
  };
}

/** The one time that a secret is shown. */
export function newSecret(services: Services, userId: string, row: SecretRow): NewWebhookSecret {
  return {
    secret: webhookSecret(keyOf(services), userId, row.generation),
    createdAt: row.createdAt.toISOString(),
    previousUntil: previousUntil(services, row),
  };
}

/** Null where there is none before, or its time is over. */
function previousUntil({ clock }: Services, { generation, createdAt }: SecretRow): string | null {
  const until = new Date(createdAt.getTime() + OVERLAP_MS);
  return generation > 1 && clock() < until ? until.toISOString() : null;
}

function keyOf({ settings }: Services): string {
  return settings.WEBHOOK_SIGNING_SECRET === ''
    ? settings.LINK_SIGNING_SECRET
    : settings.WEBHOOK_SIGNING_SECRET;
}
