import type { FastifyInstance } from 'fastify';
import { createServer } from '../../api/create-server.ts';
import { DocumentJudge } from '../../api/document-judge.ts';
import type { ApiServices } from '../../api/services.ts';
import { readSettings } from '../../contract/settings.ts';
import { createLog } from '../../telemetry/log.ts';
import { FakeAccounts } from './fake-accounts.ts';
import { FakeAssets } from './fake-assets.ts';
import { FakeJobs } from './fake-jobs.ts';
import { FakePlanHashes } from './fake-plan-hashes.ts';
import { FakeStarter } from './fake-starter.ts';
import { FakeStore } from './fake-store.ts';
import { FakeWebhooks } from './fake-webhooks.ts';

export type FakeApi = {
  readonly server: FastifyInstance;
  readonly services: ApiServices;
  readonly jobs: FakeJobs;
  readonly assets: FakeAssets;
  readonly accounts: FakeAccounts;
  readonly store: FakeStore;
  readonly planHashes: FakePlanHashes;
  readonly temporal: FakeStarter;
  /** Keys of two users, each with a project `project_<name>`. */
  readonly anna: string;
  readonly ben: string;
  /** Every line that was logged. */
  readonly logged: string[];
  readonly time: { now: Date };
};

/** The server on fakes of all that it needs. */
export async function createFakeApi(settings: Readonly<Record<string, string>> = {}): Promise<FakeApi> {
  const [jobs, assets, accounts] = [new FakeJobs(), new FakeAssets(), new FakeAccounts()];
  const [store, temporal] = [new FakeStore(), new FakeStarter()];
  const planHashes = new FakePlanHashes();
  const logged: string[] = [];
  const time = { now: new Date('2026-01-01T12:00:00Z') };
  let ids = 0;
  const services: ApiServices = {
    settings: readSettings({ ...required, ...settings }),
    log: createLog({
      LOG_LEVEL: 'info',
      name: 'api',
      destination: { write: (line: string) => void logged.push(line) },
    }),
    jobs,
    outbox: jobs,
    assets,
    accounts,
    planHashes,
    webhooks: new FakeWebhooks(),
    database: { check: () => Promise.resolve() },
    store,
    judge: new DocumentJudge(),
    changes: jobs,
    temporal,
    tracer: null,
    clock: () => time.now,
    newId: () => String((ids += 1)),
  };
  const [anna, ben] = [await accounts.addUser('anna'), await accounts.addUser('ben')];
  const server = createServer(services);
  return { server, services, jobs, assets, accounts, store, planHashes, temporal, anna, ben, logged, time };
}

const required = {
  DATABASE_URL: 'postgres://none',
  TEMPORAL_ADDRESS: 'none:1',
  LINK_SIGNING_SECRET: 'only-for-tests-0123456789',
};

/** A document that is valid: one scene of a colour. */
export const submission = {
  kind: 'movie',
  projectId: 'project_anna',
  movie: {
    title: 'A film',
    width: 640,
    height: 360,
    scenes: [{ id: 'one', duration: 2, layers: [{ type: 'color', color: '#102030' }] }],
  },
} as const;
