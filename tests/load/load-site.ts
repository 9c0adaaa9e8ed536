import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnection } from '../../database/driver.ts';
import type { Stack } from '../../tools/stack.ts';
import { WorkflowSizes } from './workflow-sizes.ts';

/** What every case of load works with. */
export type LoadSite = {
  readonly stack: Stack;
  /** Where the API answers /metrics. */
  readonly metricsUrl: string;
  readonly database: ReturnType<typeof openConnection>;
  readonly workflows: WorkflowSizes;
  /** For films that are looked into. */
  readonly folder: string;
  close(): Promise<void>;
};

export async function openSite(stack: Stack, healthPort: number): Promise<LoadSite> {
  const { DATABASE_URL: connectionString = '', TEMPORAL_ADDRESS: address = '' } = stack.environment;
  const database = openConnection({ connectionString, max: 2 });
  const workflows = await WorkflowSizes.connect(address);
  const folder = await mkdtemp(join(tmpdir(), 'scenemill-load-'));
  return {
    stack,
    database,
    workflows,
    folder,
    metricsUrl: `http://127.0.0.1:${healthPort}/metrics`,
    close: async () => {
      await workflows.close();
      await database.$pool.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
