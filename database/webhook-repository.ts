import { RenderError } from '../contract/errors.ts';
import { readCursor, toPage } from './page-cursor.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';
import type {
  AttemptRow,
  DeliveryFilter,
  DeliveryRow,
  SecretRow,
  WebhookRepository,
} from './webhook-ports.ts';

const questions = {
  list: question('webhooks/list'),
  find: question('webhooks/find'),
  attempts: question('webhooks/attempts'),
  resend: question('webhooks/resend'),
  secret: question('webhooks/secret'),
  renewSecret: question('webhooks/renew-secret'),
};

type BareDelivery = Omit<DeliveryRow, 'attempts'>;

/** Deliveries as callers look at them, and the generations of their secrets. */
export class PgWebhookRepository implements WebhookRepository {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async list(
    userId: string,
    filter: DeliveryFilter,
  ): Promise<{ readonly deliveries: readonly DeliveryRow[]; readonly nextCursor: string | null }> {
    const values = { ...filter, ...readCursor(filter.cursor), userId, limit: filter.limit + 1 };
    const found = await this.#pool.all<BareDelivery>(questions.list, values);
    const page = toPage(found, filter.limit, ({ createdAt, deliveryId }) => ({ createdAt, id: deliveryId }));
    return { deliveries: await this.#withAttempts(page.rows), nextCursor: page.nextCursor };
  }

  async find(userId: string, deliveryId: string): Promise<DeliveryRow | null> {
    const found = await this.#pool.first<BareDelivery>(questions.find, { userId, deliveryId });
    const [delivery = null] = await this.#withAttempts(found === null ? [] : [found]);
    return delivery;
  }

  async resend(userId: string, deliveryId: string): Promise<boolean> {
    return (await this.#pool.change(questions.resend, { userId, deliveryId })) > 0;
  }

  secret(userId: string): Promise<SecretRow | null> {
    return this.#pool.first(questions.secret, { userId });
  }

  async renewSecret(userId: string): Promise<SecretRow> {
    const row = await this.#pool.first<SecretRow>(questions.renewSecret, { userId });
    if (row === null) throw new RenderError('INTERNAL', 'A new webhook secret was not recorded.');
    return row;
  }

  async #withAttempts(deliveries: readonly BareDelivery[]): Promise<readonly DeliveryRow[]> {
    if (deliveries.length === 0) return [];
    const deliveryIds = deliveries.map(({ deliveryId }) => deliveryId);
    const attempts = await this.#pool.all<AttemptRow & { deliveryId: string }>(questions.attempts, {
      deliveryIds,
    });
    const ofDelivery = new Map<string, AttemptRow[]>(deliveryIds.map((id) => [id, []]));
    for (const { deliveryId, ...attempt } of attempts) ofDelivery.get(deliveryId)?.push(attempt);
    return deliveries.map((delivery) => ({
      ...delivery,
      attempts: ofDelivery.get(delivery.deliveryId) ?? [],
    }));
  }
}
