// The server on a real Postgres; Temporal and the store are fakes.
import type { FastifyInstance } from 'fastify';
import { hashSecret } from '../../../api/api-key.ts';
import { bootstrapAccount } from '../../../api/bootstrap-account.ts';
import { createServer } from '../../../api/create-server.ts';
import type { ApiServices } from '../../../api/services.ts';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

export type RealApi = {
  readonly server: FastifyInstance;
  readonly services: ApiServices;
  readonly temporal: FakeApi['temporal'];
  readonly test: TestDatabase;
  /** A user with a project `project_<name>` on a plan of the price list; returns a key. */
  addUser(name: string, plan: string): Promise<string>;
  close(): Promise<void>;
};

/** The key of the installation's first user, whose plan has no limits. */
export const firstKey = 'sm_first.0123456789abcdef';

export async function createRealApi(): Promise<RealApi> {
  const test = await createTestDatabase();
  const fake = await createFakeApi();
  const { jobs, outbox, assets, accounts, webhooks, planHashes } = test.database;
  let ids = 0;
  const services: ApiServices = {
    ...fake.services,
    jobs,
    outbox,
    assets,
    accounts,
    webhooks,
    planHashes,
    clock: () => new Date(),
    newId: () => `id${(ids += 1)}`,
  };
  await bootstrapAccount(accounts, firstKey);
  const server = createServer(services);
  return {
    server,
    services,
    temporal: fake.temporal,
    test,
    addUser: async (name, plan) => {
      const secret = `secret-of-${name}-0123456789`;
      const userId = `user_${name}`;
      await accounts.createUser({ userId, email: `${name}@example.org`, plan });
      await accounts.createKey({ keyId: name, userId, secretHash: hashSecret(secret), name });
      await accounts.createProject({ projectId: `project_${name}`, userId, name });
      return `sm_${name}.${secret}`;
    },
    close: async () => {
      await server.close();
      await fake.server.close();
      await test.remove();
    },
  };
}

/** A film of so many seconds; never taken for an equal one. */
export function film(projectId: string, seconds: number): object {
  const [scene] = submission.movie.scenes;
  const movie = { ...submission.movie, scenes: [{ ...scene, duration: seconds }] };
  return { ...submission, projectId, movie, renderOptions: { reuseActive: false } };
}
