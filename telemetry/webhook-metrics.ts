import { Counter, type Registry } from 'prom-client';

export type DeliveryOutcome = 'delivered' | 'not_accepted';

/** Counts the attempts to deliver a webhook, by how they ended. */
export function countDeliveries(registry: Registry): (outcome: DeliveryOutcome) => void {
  const deliveries = new Counter({
    name: 'scenemill_webhook_deliveries_total',
    help: 'Attempts to deliver a webhook, by how they ended.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  // From the start, so that the first one shows as a rise.
  for (const outcome of ['delivered', 'not_accepted']) deliveries.inc({ outcome }, 0);
  return (outcome) => deliveries.inc({ outcome });
}
