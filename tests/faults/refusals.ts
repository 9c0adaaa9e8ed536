import { Client, Connection } from '@temporalio/client';
import { renderWorkflowId } from '../../contract/names.ts';
import { until } from './wait.ts';
import type { World } from './world.ts';

/** An attempt at some activity of the job has failed by that reason ("CODE: message"), and is to be repeated. */
export async function untilRefused({ stack }: World, jobId: string, reason: RegExp): Promise<void> {
  const connection = await Connection.connect({ address: stack.environment.TEMPORAL_ADDRESS ?? '' });
  try {
    const workflow = new Client({ connection }).workflow.getHandle(renderWorkflowId(jobId));
    await until(
      async () => {
        const { raw } = await workflow.describe();
        const lines = (raw.pendingActivities ?? []).map(({ lastFailure }) => lineOf(lastFailure));
        if (lines.some((line) => reason.test(line))) return true;
        throw new Error(
          `Of ${raw.workflowExecutionInfo?.status ?? 'no'} status, with ${JSON.stringify(lines)}.`,
        );
      },
      `an attempt that fails by ${String(reason)}`,
      60_000,
    );
  } finally {
    await connection.close();
  }
}

type Failure = {
  readonly message?: string | null;
  readonly applicationFailureInfo?: { readonly type?: string | null } | null;
};

function lineOf(failure: Failure | null | undefined): string {
  return `${failure?.applicationFailureInfo?.type ?? ''}: ${failure?.message ?? ''}`;
}
