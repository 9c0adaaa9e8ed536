import type { Stage } from '../contract/names.ts';
import type { ControlActivities } from '../workflows/activity-types.ts';
import type { ControlServices } from './services.ts';

const shown = {
  rendering: { status: 'waiting', stage: 'encoding' },
  assembling: { status: 'running', stage: 'building_graph' },
  uploading: { status: 'running', stage: 'uploading' },
} as const satisfies Record<string, { status: 'waiting' | 'running'; stage: Stage }>;

/** Moves the job's row on, as the caller sees it. */
export async function enterPhase(
  services: ControlServices,
  { jobId, phase }: Parameters<ControlActivities['enterPhase']>[0],
): Promise<void> {
  const { status, stage } = shown[phase];
  await services.jobs.enterPhase(jobId, status, phase, stage);
}
