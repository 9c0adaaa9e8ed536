// Teaches a Temporal server that somebody else runs what our workflows need: the namespace and the search attributes.
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { searchAttributes } from './temporal.ts';

const connectMsMax = '2s';
const operationMsMax = 10_000;
/** How long an ended workflow can be looked at; the database keeps the job itself. */
const retention = '7 days';
/** INDEXED_VALUE_TYPE_KEYWORD of Temporal's API. */
const keywordType = 2;
/** ALREADY_EXISTS of gRPC: another process was quicker. */
const alreadyExists = 6;

/** Makes the namespace where there is none. A new one is known to the whole server only some seconds later. */
export async function ensureNamespace(address: string, namespace: string): Promise<void> {
  await withServer(address, async ({ workflowService }) => {
    const workflowExecutionRetentionPeriod = msToTs(retention);
    try {
      await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === alreadyExists)) throw error;
    }
  });
}

/** Starting a workflow with an attribute that the server does not know would fail. */
export async function ensureSearchAttributes(address: string, namespace: string): Promise<void> {
  await withServer(address, async ({ operatorService }) => {
    const known = await operatorService.listSearchAttributes({ namespace });
    const missing = searchAttributes.filter((name) => !(name in known.customAttributes));
    if (missing.length === 0) return;
    const types = Object.fromEntries(missing.map((name) => [name, keywordType]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes: types });
  });
}

async function withServer(address: string, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: connectMsMax });
  try {
    await connection.withDeadline(Date.now() + operationMsMax, () => work(connection));
  } finally {
    await connection.close();
  }
}
