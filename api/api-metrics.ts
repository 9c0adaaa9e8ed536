// What the API counts, and the only labels there are: names of ours, never an id or a text of a user's.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { JobsInState } from '../database/active-jobs.ts';
import { createRegistry, seconds } from '../telemetry/registry.ts';
import { countStoreCalls } from '../telemetry/store-metrics.ts';
import { countDeliveries } from '../telemetry/webhook-metrics.ts';

export type ApiMetrics = ReturnType<typeof createApiMetrics>;

export function createApiMetrics(countActiveJobs: () => Promise<readonly JobsInState[]>) {
  const registry = createRegistry();
  watchJobs(registry, countActiveJobs);
  return {
    registry,
    onStoreCall: countStoreCalls(registry),
    onDelivery: countDeliveries(registry),
    ...requestMetrics(registry),
  };
}

type EndedRequest = {
  readonly method: string;
  /** As it was registered, with names in the place of ids; "none" where there is no such route. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
};

function requestMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Counter({
    name: 'scenemill_http_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'scenemill_http_request_seconds',
    help: 'Requests from the first byte to the end of the answer; a stream of events lasts as long as its job.',
    labelNames: ['route'],
    buckets: [...seconds.calls],
    registers,
  });
  return {
    requestEnded: ({ method, route, status, seconds: taken }: EndedRequest): void => {
      requests.inc({ method, route, status: String(status) });
      duration.observe({ route }, taken);
    },
  };
}

const activeStates = ['queued', 'running', 'waiting'] as const;

/** Asked of the database when Prometheus asks, so every process of the API says the same. */
function watchJobs(registry: Registry, countActiveJobs: () => Promise<readonly JobsInState[]>): void {
  const registers = [registry];
  const unsent = new Gauge({
    name: 'scenemill_jobs_unsent',
    help: 'Accepted jobs that Temporal does not know yet.',
    registers,
  });
  new Gauge({
    name: 'scenemill_jobs',
    help: 'Jobs that have not ended, by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await countActiveJobs();
      const jobsIn = (state: string): number => counts.find(({ status }) => status === state)?.jobs ?? 0;
      for (const state of activeStates) this.set({ state }, jobsIn(state));
      unsent.set(counts.reduce((sum, count) => sum + count.unsent, 0));
    },
  });
}
