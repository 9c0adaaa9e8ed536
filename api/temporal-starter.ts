import {
  Client,
  Connection,
  type WorkflowClientInterceptor,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import {
  defaultPayloadConverter,
  defineSearchAttributeKey,
  type SearchAttributePair,
} from '@temporalio/common';
import { RenderError } from '../contract/errors.ts';
import { ingestWorkflowId, renderWorkflowId, taskQueues, workflowNames } from '../contract/names.ts';
import { type SandboxState, sandboxOfWorkers } from '../contract/worker-identity.ts';
import { parseTraceParent } from '../telemetry/trace-context.ts';
import { type Tracer, traceParent } from '../telemetry/tracer.ts';
import { fairnessOf } from './fairness.ts';
import type { RenderStarter, StartedJob, WorkflowState } from './services.ts';

/** One call to Temporal; the caller of ours is waiting. */
const CALL_MS_MAX = 3_000;
/** Temporal's number for it. */
const ACTIVITY_QUEUE = 2;
/** Temporal takes 400 bytes of summary; a character may have four. */
const SUMMARY_CHARS_MAX = 80;

const searchKeys = {
  jobId: defineSearchAttributeKey('JobId', 'KEYWORD'),
  projectId: defineSearchAttributeKey('ProjectId', 'KEYWORD'),
  userId: defineSearchAttributeKey('UserId', 'KEYWORD'),
} as const;

/** Speaks to Temporal by workflow names only. Connects at the first call and again whenever the connection is lost. */
export class TemporalStarter implements RenderStarter {
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #tracer: Tracer | null;

  constructor(address: string, namespace: string, tracer: Tracer | null = null) {
    this.#tracer = tracer;
    this.#connection = Connection.lazy({ address, connectTimeout: CALL_MS_MAX });
    const interceptors = { workflow: [{ start: withTraceHeader(tracer) }] };
    this.#client = new Client({ connection: this.#connection, namespace, interceptors });
  }

  async start(job: StartedJob): Promise<void> {
    const span = this.#tracer?.start({
      name: `start ${workflowNames.renderMovie}`,
      kind: 'producer',
      attributes: { 'scenemill.job': job.jobId },
      parent: parseTraceParent(job.traceParent),
    });
    const run = (): Promise<void> => this.#startRender(job);
    try {
      await (span === undefined ? run() : span.within(run));
      span?.end();
    } catch (error) {
      span?.end({ error: 'UNAVAILABLE' });
      throw error;
    }
  }

  async #startRender(job: StartedJob): Promise<void> {
    try {
      await this.#call(() => this.#client.workflow.start(workflowNames.renderMovie, renderOptions(job)));
    } catch (error) {
      // It ran and ended before the outbox heard of it.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  async cancel(jobId: string): Promise<'requested' | 'unknown'> {
    try {
      await this.#call(() => this.#client.workflow.getHandle(renderWorkflowId(jobId)).cancel());
      return 'requested';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'unknown';
      throw error;
    }
  }

  async look(jobId: string): Promise<WorkflowState> {
    try {
      const { status } = await this.#call(() =>
        this.#client.workflow.getHandle(renderWorkflowId(jobId)).describe(),
      );
      if (status.name === 'CANCELLED') return 'cancelled';
      return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW' ? 'running' : 'ended';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'unknown';
      throw error;
    }
  }

  async ingest(assetId: string, waitMs: number): Promise<'ended' | 'running'> {
    const handle = await this.#call(() =>
      this.#client.workflow.start(workflowNames.ingestAsset, {
        workflowId: ingestWorkflowId(assetId),
        taskQueue: taskQueues.control,
        args: [{ assetId }],
        // A second ingest of an asset does no harm; two at once are one.
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    );
    if (waitMs === 0) return 'running';
    const limit = AbortSignal.timeout(waitMs);
    try {
      await this.#connection.withAbortSignal(limit, () => handle.result());
      return 'ended';
    } catch (error) {
      if (limit.aborted) return 'running';
      throw unavailable(error);
    }
  }

  async sandbox(): Promise<SandboxState> {
    const { pollers } = await this.#call(() =>
      this.#client.workflowService.describeTaskQueue({
        namespace: this.#client.options.namespace,
        taskQueue: { name: taskQueues.media },
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum lives in a package that is not ours to import
        taskQueueType: ACTIVITY_QUEUE,
      }),
    );
    return sandboxOfWorkers(pollers.map(({ identity }) => identity ?? ''));
  }

  async check(): Promise<void> {
    await this.#call(() => this.#client.workflowService.getSystemInfo({}));
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #call<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await this.#connection.withDeadline(Date.now() + CALL_MS_MAX, run);
    } catch (error) {
      const isAnswer =
        error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError;
      throw isAnswer ? error : unavailable(error);
    }
  }
}

/** Workflows belong to the span under way: it travels in the header that `workflows/trace-header.ts` reads. */
function withTraceHeader(tracer: Tracer | null): NonNullable<WorkflowClientInterceptor['start']> {
  return (input, next) => {
    const parent = traceParent(tracer);
    if (parent === null) return next(input);
    const headers = { ...input.headers, traceparent: defaultPayloadConverter.toPayload(parent) };
    return next({ ...input, headers });
  };
}

function renderOptions({ jobId, userId, projectId, title, plan }: StartedJob) {
  const typedSearchAttributes: SearchAttributePair[] = [
    { key: searchKeys.jobId, value: jobId },
    { key: searchKeys.projectId, value: projectId },
    { key: searchKeys.userId, value: userId },
  ];
  return {
    workflowId: renderWorkflowId(jobId),
    taskQueue: taskQueues.control,
    args: [{ jobId }],
    // Together an idempotent start: joins the one that runs, and never runs a job twice.
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    priority: fairnessOf(userId, plan),
    typedSearchAttributes,
    staticSummary: `Render "${title.slice(0, SUMMARY_CHARS_MAX)}"`,
  } as const;
}

function unavailable(cause: unknown): RenderError {
  return new RenderError('UNAVAILABLE', 'Temporal is out of reach.', { cause });
}
