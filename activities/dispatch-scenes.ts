// Phase "dispatching": a row for every scene, and which of their clips have been rendered before.
import { qualityPresets, sceneJobId } from '../contract/names.ts';
import type { RenderOptions, RenderSubmission } from '../contract/submission.ts';
import type { JobRow } from '../database/ports.ts';
import type { OutputSpec, RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import type { DispatchedScenes, JobRef } from '../workflows/activity-types.ts';
import type { ActivityRun } from './activity-run.ts';
import { reportCache } from './cache-report.ts';
import { requireSubmission } from './job-submission.ts';
import type { ControlServices } from './services.ts';
import { type Stock, takeStock } from './take-stock.ts';

/** What is left, of a plan that was made before. */
export async function dispatchScenes(
  services: ControlServices,
  { jobId }: JobRef,
  run: ActivityRun,
): Promise<DispatchedScenes> {
  const [order, plan] = await Promise.all([
    requireSubmission(services.jobs, jobId),
    services.plans.read(jobId, run.signal),
  ]);
  return dispatchPlan(services, { ...order, plan }, run);
}

export type DispatchOrder = {
  readonly job: JobRow;
  readonly submission: RenderSubmission;
  readonly plan: RenderPlan;
};

export async function dispatchPlan(
  services: ControlServices,
  { job, submission, plan }: DispatchOrder,
  run: ActivityRun,
): Promise<DispatchedScenes> {
  const { jobId } = job;
  const { renderOptions } = submission;
  const { cache } = renderOptions;
  const [done] = await Promise.all([
    doneScenes(services, jobId),
    services.jobs.enterPhase(jobId, 'running', 'dispatching', 'loading_project'),
  ]);
  const stock = await takeStock(services, { jobId, plan, done, cache, signal: run.signal });
  // Before the rows: another attempt would find the scenes done and could not tell any more where they came from.
  await reportCache(services, { job, plan, cached: stock.cached, cache });
  await createRows(services, { jobId, plan, cached: stock.cached });
  await services.jobs.enterPhase(jobId, 'waiting', 'rendering', 'encoding');
  return {
    ...workLeft(plan, stock),
    cached: stock.cached.size,
    concurrency: concurrencyOf(renderOptions),
    cache,
  };
}

function workLeft(
  { scenes, output }: RenderPlan,
  { withoutPicture, withoutSound, isProgrammeReady }: Stock,
): Pick<DispatchedScenes, 'pictures' | 'pictureNotes' | 'cheapPictures' | 'sounds' | 'isProgrammeReady'> {
  const lacking = scenes.filter(({ index }) => withoutPicture.has(index));
  const pictures = lacking.sort((a, b) => b.cost - a.cost || a.index - b.index);
  return {
    pictures: pictures.map(({ index }) => index),
    pictureNotes: pictures.map((scene) => describeScene(scene, output)),
    cheapPictures: pictures.filter(({ cost }) => cost <= cheapCostMax).length,
    sounds: [...withoutSound],
    isProgrammeReady,
  };
}

/** Milliseconds of processor time, of which most is FFmpeg's start; an activity costs Temporal and us some 40 ms. */
const cheapCostMax = 300;

/** All notes of the longest film stay below the 512 KB at which Temporal warns of a payload. */
const sceneIdCharsMax = 24;

/** What an operator reads in Temporal's UI. */
function describeScene({ sceneId, part, frames }: ScenePlan, { fps }: OutputSpec): string {
  const characters = Array.from(sceneId);
  const name =
    characters.length <= sceneIdCharsMax ? sceneId : `${characters.slice(0, sceneIdCharsMax - 1).join('')}…`;
  const place = part.count === 1 ? '' : ` (${part.index + 1}/${part.count})`;
  return `${name}${place} · ${((frames * fps.den) / fps.num).toFixed(1)} s`;
}

function concurrencyOf(options: RenderOptions): number {
  return options.requestedConcurrency ?? qualityPresets[options.qualityPreset];
}

async function doneScenes(services: ControlServices, jobId: string): Promise<ReadonlySet<number>> {
  const rows = await services.jobs.scenes(jobId);
  return new Set(
    rows.flatMap((row) => (row.status === 'done' && row.sceneIndex !== null ? [row.sceneIndex] : [])),
  );
}

type Rows = { readonly jobId: string; readonly plan: RenderPlan; readonly cached: ReadonlySet<number> };

async function createRows(services: ControlServices, { jobId, plan, cached }: Rows): Promise<void> {
  const scenes = plan.scenes.map((scene) => ({
    jobId: sceneJobId(jobId, scene.index),
    sceneId: scene.sceneId,
    sceneIndex: scene.index,
    isCached: cached.has(scene.index),
    weight: scene.cost,
  }));
  await services.jobs.createScenes(jobId, scenes);
}
