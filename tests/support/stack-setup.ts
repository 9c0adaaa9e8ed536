// The whole product once for all end-to-end tests of a run: Temporal, Postgres, API, worker, all real, on loopback.
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Stack, startStack } from '../../tools/stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly stack: Pick<Stack, 'apiUrl' | 'apiKey' | 'projectId' | 'home'> & {
      readonly scratchDir: string;
      readonly databaseUrl: string;
      readonly temporalAddress: string;
    };
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scratchDir = join(tmpdir(), `scenemill-e2e-scratch-${process.pid}`);
  const stack = await startStack({
    isDisposable: true,
    ports: { api: 0, temporal: 0, temporalUi: 0, postgres: 0 },
    workers: { processes: 1, concurrency: 2 },
    // Tests make small films; the engine's usual lower bound is for callers.
    environment: {
      CANVAS_WIDTH_MIN: '16',
      CANVAS_HEIGHT_MIN: '16',
      RENDER_SCRATCH_DIR: scratchDir,
      PART_SECONDS_MAX: '4',
      WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
      WEBHOOK_PROGRESS_SECONDS: '0.5',
      WEBHOOK_RETRY_SECONDS: '0.2',
    },
  });
  const { apiUrl, apiKey, projectId, home } = stack;
  const { DATABASE_URL: databaseUrl = '', TEMPORAL_ADDRESS: temporalAddress = '' } = stack.environment;
  project.provide('stack', { apiUrl, apiKey, projectId, home, scratchDir, databaseUrl, temporalAddress });
  return async () => {
    await stack.stop();
    await rm(scratchDir, { recursive: true, force: true });
  };
}
