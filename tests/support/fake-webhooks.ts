import type { DeliveryRow, SecretRow, WebhookRepository } from '../../database/webhook-ports.ts';

/** No deliveries, and secrets of this run. */
export class FakeWebhooks implements WebhookRepository {
  readonly #secrets = new Map<string, SecretRow>();

  list(): Promise<{ readonly deliveries: readonly DeliveryRow[]; readonly nextCursor: string | null }> {
    return Promise.resolve({ deliveries: [], nextCursor: null });
  }

  find(): Promise<DeliveryRow | null> {
    return Promise.resolve(null);
  }

  resend(): Promise<boolean> {
    return Promise.resolve(false);
  }

  secret(userId: string): Promise<SecretRow | null> {
    return Promise.resolve(this.#secrets.get(userId) ?? null);
  }

  renewSecret(userId: string): Promise<SecretRow> {
    const generation = (this.#secrets.get(userId)?.generation ?? 0) + 1;
    const row = { generation, createdAt: new Date('2026-01-01T12:00:00Z') };
    this.#secrets.set(userId, row);
    return Promise.resolve(row);
  }
}
