// One Temporal server, in memory, for all workflow tests of a run.
import type { TestProject } from 'vitest/node';
import { freePort } from '../../tools/ports.ts';
import { startTemporal } from '../../tools/temporal.ts';
import { findTemporal } from '../../tools/temporal-binary.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly temporalAddress: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { path: binary } = await findTemporal();
  const ports = {
    grpc: await freePort(),
    ui: await freePort(),
    http: await freePort(),
    metrics: await freePort(),
  };
  const server = await startTemporal({ binary, dataFile: null, isHeadless: true, ports });
  project.provide('temporalAddress', server.address);
  return () => server.stop();
}
