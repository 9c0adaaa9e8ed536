// Builds the real services, and the server on them.
import type { FastifyInstance } from 'fastify';
import { ulid } from 'ulid';
import type { Settings } from '../contract/settings.ts';
import { type Database, openDatabase } from '../database/connect-database.ts';
import { awaitedDatabase, databasePlace } from '../database/describe-database.ts';
import { listenForJobChanges } from '../database/job-changes.ts';
import { createStore } from '../storage/create-store.ts';
import { ObservedStore } from '../storage/observed-store.ts';
import { createLog } from '../telemetry/log.ts';
import { type StatusServer, startStatusServer } from '../telemetry/status-server.ts';
import { createTracer } from '../telemetry/tracer.ts';
import { waitForServer } from '../telemetry/wait-for-server.ts';
import { type ApiMetrics, createApiMetrics } from './api-metrics.ts';
import { bootstrapAccount } from './bootstrap-account.ts';
import { createServer } from './create-server.ts';
import { DocumentJudge } from './document-judge.ts';
import { ObjectLinks } from './object-links.ts';
import { observeRequests } from './observe-requests.ts';
import { OutboxLoop } from './outbox-loop.ts';
import { serveMetrics } from './serve-metrics.ts';
import type { ApiServices } from './services.ts';
import { TemporalStarter } from './temporal-starter.ts';
import { readAllowedNetworks } from './webhooks/address.ts';
import { resolveHost } from './webhooks/resolve-host.ts';
import { WebhookLoop } from './webhooks/webhook-loop.ts';

export type RunningApi = { readonly url: string; readonly stop: () => Promise<void> };

/** Resolves when the server listens and its tables are there. */
export async function startApi(settings: Settings): Promise<RunningApi> {
  const allowed = readAllowedNetworks(settings.WEBHOOK_ALLOWED_ADDRESSES);
  const { services, metrics, close } = await openServices(settings);
  try {
    await prepareDatabase(services, settings);
    const server = createServer(services);
    observeRequests(server, metrics, services.tracer);
    serveMetrics(server, metrics.registry);
    await server.listen({ host: settings.API_HOST, port: settings.API_PORT });
    const outbox = new OutboxLoop(services);
    const links = new ObjectLinks(services, () => listeningPort(server));
    const queue = services.database.webhookQueue;
    const { onDelivery } = metrics;
    const webhooks = new WebhookLoop({
      ...services,
      queue,
      links,
      allowed,
      resolve: resolveHost,
      onDelivery,
    });
    const status = await openStatus(settings, metrics);
    outbox.start();
    webhooks.start();
    const stop = async (): Promise<void> => {
      await Promise.all([server.close(), webhooks.stop()]);
      await outbox.stop();
      await status?.close();
      await close();
    };
    return { url: listeningUrl(server), stop: once(stop) };
  } catch (error) {
    await close();
    throw error;
  }
}

type Opened = {
  readonly services: ApiServices & { readonly database: Pick<Database, 'migrate' | 'webhookQueue'> };
  readonly metrics: ApiMetrics;
  readonly close: () => Promise<void>;
};

/** Nothing connects yet: whatever is away is waited for by those who need it. */
async function openServices(settings: Settings): Promise<Opened> {
  const database = openDatabase(settings.DATABASE_URL);
  const metrics = createApiMetrics(() => database.countActiveJobs());
  const store = new ObservedStore(await createStore(settings), metrics.onStoreCall);
  const tracer = await createTracer(settings, 'scenemill-api');
  const changes = listenForJobChanges(settings.DATABASE_URL);
  const temporal = new TemporalStarter(settings.TEMPORAL_ADDRESS, settings.TEMPORAL_NAMESPACE, tracer);
  const judge = new DocumentJudge();
  const { jobs, outbox, assets, accounts, webhooks, planHashes } = database;
  return {
    services: {
      settings,
      log: createLog({ LOG_LEVEL: settings.LOG_LEVEL, name: 'api' }),
      jobs,
      outbox,
      assets,
      accounts,
      webhooks,
      planHashes,
      database,
      changes,
      temporal,
      store,
      tracer,
      judge,
      clock: () => new Date(),
      newId: () => ulid(),
    },
    metrics,
    close: async () => {
      await tracer?.close();
      await judge.close();
      await changes.close();
      await temporal.close();
      await database.close();
    },
  };
}

/** Apart from the API's own port, which strangers reach. */
async function openStatus(settings: Settings, { registry }: ApiMetrics): Promise<StatusServer | null> {
  const { HEALTH_PORT: port, HEALTH_HOST: host } = settings;
  return port === 0 ? null : startStatusServer({ port, host, isReady: () => true, registry });
}

async function prepareDatabase(
  { database, accounts, log }: Opened['services'],
  settings: Settings,
): Promise<void> {
  await waitForServer(
    { ...awaitedDatabase, at: databasePlace(settings.DATABASE_URL), connect: () => database.migrate() },
    { log, secondsMax: settings.STARTUP_WAIT_SECONDS },
  );
  if (settings.BOOTSTRAP_API_KEY !== '') await bootstrapAccount(accounts, settings.BOOTSTRAP_API_KEY);
}

function listeningUrl(server: FastifyInstance): string {
  const address = server.server.address();
  if (address === null || typeof address === 'string') return String(address);
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function listeningPort(server: FastifyInstance): number | null {
  const address = server.server.address();
  return address !== null && typeof address === 'object' ? address.port : null;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
