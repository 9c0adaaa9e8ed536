import { Client, Connection } from '@temporalio/client';

/** Temporal warns beyond these, and ends a run at five times as much. */
export const eventsWarned = 10_240;
export const bytesWarned = 10_485_760;

export type HistorySizes = {
  readonly workflows: number;
  /** A long film goes on in a new run before its history grows too large. */
  readonly runs: number;
  readonly children: number;
  readonly events: number;
  readonly eventsOfLargestRun: number;
  readonly bytes: number;
  readonly bytesOfLargestRun: number;
};

/** Reads how large the histories of jobs have become. */
export class WorkflowSizes {
  readonly #connection: Connection;
  readonly #client: Client;

  private constructor(connection: Connection) {
    this.#connection = connection;
    this.#client = new Client({ connection });
  }

  static async connect(address: string): Promise<WorkflowSizes> {
    return new WorkflowSizes(await Connection.connect({ address }));
  }

  async read(jobIds: readonly string[]): Promise<HistorySizes> {
    const wanted = new Set(jobIds.map((jobId) => `render-${jobId}`));
    const runs: { readonly events: number; readonly bytes: number }[] = [];
    let children = 0;
    for await (const { workflowId, runId, parentExecution } of this.#client.workflow.list()) {
      if (parentExecution !== undefined && wanted.has(parentExecution.workflowId ?? '')) children += 1;
      if (!wanted.has(workflowId)) continue;
      const told = await this.#client.workflow.getHandle(workflowId, runId).describe();
      const { historySizeBytes: bytes } = told.raw.workflowExecutionInfo ?? {};
      runs.push({ events: told.historyLength, bytes: Number(bytes ?? 0) });
    }
    const events = runs.map((run) => run.events);
    const bytes = runs.map((run) => run.bytes);
    return {
      workflows: wanted.size,
      runs: runs.length,
      children,
      events: sum(events),
      eventsOfLargestRun: Math.max(...events),
      bytes: sum(bytes),
      bytesOfLargestRun: Math.max(...bytes),
    };
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
