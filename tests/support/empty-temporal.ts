// Each test of workflows begins on an empty server: what others left there would be given to its workers.
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, inject } from 'vitest';

const emptyMsMax = 10_000;

let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') });
});
afterAll(() => connection.close());

beforeEach(() => expect.poll(() => endWorkflows(connection), { timeout: emptyMsMax }).toBe(0));

/** Returns how many were open. */
async function endWorkflows(server: Connection): Promise<number> {
  const { workflow } = new Client({ connection: server });
  let open = 0;
  for await (const { workflowId } of workflow.list({ query: "ExecutionStatus = 'Running'" })) {
    open += 1;
    await workflow.getHandle(workflowId).terminate().catch(ignoreEnded);
  }
  return open;
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
