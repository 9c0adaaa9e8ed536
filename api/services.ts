import type { FastifyBaseLogger } from 'fastify';
import type { Settings } from '../contract/settings.ts';
import type { SandboxState } from '../contract/worker-identity.ts';
import type { AssetRepository } from '../database/asset-ports.ts';
import type { PlanHashIndex } from '../database/plan-hash-index.ts';
import type { AccountRepository, JobRepository, OutboxRepository } from '../database/ports.ts';
import type { WebhookRepository } from '../database/webhook-ports.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import type { DocumentJudge } from './document-judge.ts';

/** All that the server needs from outside; built once in `main.ts`, replaced by fakes in tests. */
export type ApiServices = {
  readonly settings: Settings;
  readonly log: FastifyBaseLogger;
  readonly jobs: JobRepository;
  readonly outbox: OutboxRepository;
  readonly assets: AssetRepository;
  readonly accounts: AccountRepository;
  readonly webhooks: WebhookRepository;
  readonly planHashes: Pick<PlanHashIndex, 'find'>;
  readonly database: DatabaseProbe;
  readonly store: ObjectStore;
  readonly judge: DocumentJudge;
  readonly changes: JobChanges;
  readonly temporal: RenderStarter;
  /** Null where nobody traces. */
  readonly tracer: Tracer | null;
  readonly clock: () => Date;
  /** A new unique id without a prefix: letters and digits. */
  readonly newId: () => string;
};

type DatabaseProbe = {
  /** Resolves when the database answers. */
  check(): Promise<void>;
};

/** Tells when a job's row may have changed. Notifications may be lost or doubled; the row is the truth. */
type JobChanges = {
  /** Returns the way to stop. */
  subscribe(jobId: string, onChange: (isEnd: boolean) => void): () => void;
};

export type StartedJob = {
  readonly jobId: string;
  readonly userId: string;
  readonly projectId: string;
  readonly title: string;
  /** The user's, whose weight it decides; null where it is not known any more. */
  readonly plan: string | null;
  /** Where in a trace the job was submitted. */
  readonly traceParent: string | null;
};

export type WorkflowState = 'running' | 'ended' | 'cancelled' | 'unknown';

/** How the API speaks to Temporal. Every method is bounded in time; out of reach is `RenderError` UNAVAILABLE. */
export interface RenderStarter {
  /** Repeating it is harmless: a job is started once, running or ended. */
  start(job: StartedJob): Promise<void>;
  /** Asks the workflow to stop; `unknown` where Temporal has no such workflow running or ended. */
  cancel(jobId: string): Promise<'requested' | 'unknown'>;
  /** What has become of the job's workflow; `unknown` where Temporal has none. */
  look(jobId: string): Promise<WorkflowState>;
  /** Runs the ingest of an asset, or joins it, and waits for its end as long as given. */
  ingest(assetId: string, waitMs: number): Promise<'ended' | 'running'>;
  /** How the media workers shut FFmpeg in; `unknown` where none was seen lately. */
  sandbox(): Promise<SandboxState>;
  check(): Promise<void>;
}
