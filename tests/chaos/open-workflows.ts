import { Client, Connection } from '@temporalio/client';
import { workflowNames } from '../../contract/names.ts';
import type { World } from '../faults/world.ts';

/** Ids of workflows of jobs that have not ended. */
export async function openWorkflows({ stack }: World): Promise<readonly string[]> {
  const connection = await Connection.connect({ address: stack.environment.TEMPORAL_ADDRESS ?? '' });
  try {
    const query = `WorkflowType = '${workflowNames.renderMovie}' AND ExecutionStatus = 'Running'`;
    const ids: string[] = [];
    for await (const { workflowId } of new Client({ connection }).workflow.list({ query }))
      ids.push(workflowId);
    return ids;
  } finally {
    await connection.close();
  }
}
