import { RenderError } from '../contract/errors.ts';
import { PgAccountRepository } from './account-repository.ts';
import { countActiveJobs, type JobsInState } from './active-jobs.ts';
import { PgAssetRepository } from './asset-repository.ts';
import { PgClipClaims } from './clip-claims.ts';
import { PgClipIndex } from './clip-index.ts';
import { openConnection } from './driver.ts';
import { PgHousekeeping } from './housekeeping.ts';
import { PgJobRepository } from './job-repository.ts';
import { migrate } from './migrate.ts';
import { PgOutbox } from './outbox.ts';
import { PgPlanHashes } from './plan-hashes.ts';
import { question } from './question.ts';
import { PgSceneHistory } from './scene-history.ts';
import { createPool } from './session.ts';
import { PgUserRegister } from './user-register.ts';
import { PgWebhookQueue } from './webhook-queue.ts';
import { PgWebhookRepository } from './webhook-repository.ts';

/** The repositories over one pool of connections. */
export type Database = {
  readonly jobs: PgJobRepository;
  readonly outbox: PgOutbox;
  readonly assets: PgAssetRepository;
  readonly accounts: PgAccountRepository;
  /** For the operator only. */
  readonly register: PgUserRegister;
  readonly history: PgSceneHistory;
  readonly clips: PgClipIndex;
  readonly claims: PgClipClaims;
  readonly planHashes: PgPlanHashes;
  readonly housekeeping: PgHousekeeping;
  readonly webhooks: PgWebhookRepository;
  readonly webhookQueue: PgWebhookQueue;
  /** Jobs of all users that have not ended, by state. */
  countActiveJobs(): Promise<readonly JobsInState[]>;
  /** Brings the tables up to date; returns the migrations that were applied. */
  migrate(): Promise<readonly string[]>;
  /** Resolves when the database answers and its tables are there; throws UNAVAILABLE. For readiness. */
  check(): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  readonly connectionsMax?: number;
  readonly statementTimeoutMs?: number;
};

const CONNECTIONS_MAX = 20;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** For a server that accepts and never answers; after the server's own bound. */
const ANSWER_TIMEOUT_MARGIN_MS = 5_000;
/** A migration may build an index over all rows, and others that start meanwhile wait for it. */
const MIGRATION_TIMEOUT_MS = 900_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

const isMigrated = question('migrations/is-there');

/** Opens the pool; connects only when first asked. The URL is postgres://user:password@host:port/name. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { connectionsMax = CONNECTIONS_MAX, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const connection = connect(url, { connectionsMax, statementTimeoutMs });
  const pool = createPool(connection);
  let closing: Promise<void> | null = null;
  return {
    jobs: new PgJobRepository(pool),
    outbox: new PgOutbox(pool),
    assets: new PgAssetRepository(pool),
    accounts: new PgAccountRepository(pool),
    register: new PgUserRegister(pool),
    history: new PgSceneHistory(pool),
    clips: new PgClipIndex(pool),
    claims: new PgClipClaims(pool),
    planHashes: new PgPlanHashes(pool),
    housekeeping: new PgHousekeeping(pool),
    webhooks: new PgWebhookRepository(pool),
    webhookQueue: new PgWebhookQueue(pool),
    countActiveJobs: () => countActiveJobs(pool),
    migrate: () => migrateApart(url),
    check: async () => {
      const answer = await pool.first<{ isThere: boolean }>(isMigrated, {});
      if (answer?.isThere !== true)
        throw new RenderError('UNAVAILABLE', 'The database has no tables yet; they are made at the start.');
    },
    close: () => (closing ??= connection.$pool.end()),
  };
}

/** On a connection of its own, which has the patience that no request may have. */
async function migrateApart(url: string): Promise<readonly string[]> {
  const connection = connect(url, { connectionsMax: 1, statementTimeoutMs: MIGRATION_TIMEOUT_MS });
  try {
    return await migrate(createPool(connection));
  } finally {
    await connection.$pool.end();
  }
}

function connect(
  url: string,
  { connectionsMax, statementTimeoutMs }: Required<DatabaseOptions>,
): ReturnType<typeof openConnection> {
  return openConnection({
    connectionString: url,
    application_name: 'scenemill',
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + ANSWER_TIMEOUT_MARGIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
  });
}
