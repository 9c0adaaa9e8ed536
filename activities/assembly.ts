import type { RenderPlan } from '../plan-compiler/render-plan.ts';
import type { ScratchDirectory } from '../storage/scratch.ts';
import type { ActivityRun } from './activity-run.ts';

/** One attempt at putting a film together. */
export type Assembly = {
  readonly jobId: string;
  readonly plan: RenderPlan;
  readonly folder: ScratchDirectory;
  readonly run: ActivityRun;
};
