// One job, from the accepted document to the stored film. Only ids and numbers pass through here.
import {
  CancellationScope,
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
} from '@temporalio/workflow';
import { taskQueues } from '../contract/names.ts';
import type {
  AssembledFilm,
  CompiledJob,
  ControlActivities,
  DispatchedScenes,
  MediaActivities,
} from './activity-types.ts';
import { deadlineFailure, describeFailure, nameScene, workflowFailure } from './job-failure.ts';
import { renderWindow } from './scene-window.ts';
import {
  assembleOptions,
  controlOptions,
  endingOptions,
  finalizeOptions,
  repairRoundsMax,
  sceneOptions,
} from './schedule.ts';

type RenderMovieInput = {
  readonly jobId: string;
  /** Set where a long film goes on in a new run. */
  readonly resumed?: CompiledJob & { readonly deadlineMs: number };
};

const { compilePlan, dispatchScenes, enterPhase } = proxyActivities<ControlActivities>({
  ...controlOptions,
  taskQueue: taskQueues.control,
});
const { finalizeFilm } = proxyActivities<ControlActivities>({
  ...finalizeOptions,
  taskQueue: taskQueues.control,
});
const { failJob, cancelJob } = proxyActivities<ControlActivities>({
  ...endingOptions,
  taskQueue: taskQueues.control,
});
const { renderScene } = proxyActivities<MediaActivities>({ ...sceneOptions, taskQueue: taskQueues.media });
const { assembleFilm } = proxyActivities<MediaActivities>({
  ...assembleOptions,
  taskQueue: taskQueues.media,
});

/** Ends done, failed (by error code) or cancelled; the job's row says the same. */
export async function renderMovie(input: RenderMovieInput): Promise<void> {
  const { jobId } = input;
  try {
    const compiled = input.resumed ?? (await compilePlan({ jobId }));
    const deadlineMs = input.resumed?.deadlineMs ?? Date.now() + compiled.jobSecondsMax * 1000;
    const job = { ...compiled, deadlineMs };
    await withinDeadline(job, () => makeFilm(jobId, job));
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    await CancellationScope.nonCancellable(() => endJob(jobId, error));
  }
}

type Job = CompiledJob & { readonly deadlineMs: number };

async function makeFilm(jobId: string, job: Job): Promise<void> {
  const dispatched = await dispatchScenes({ jobId });
  setCurrentDetails(
    `**${job.title}**: ${job.scenes} scenes, ${job.scenes - dispatched.pending.length} of them from the cache.`,
  );
  await enterPhase({ jobId, phase: 'rendering' });
  await renderScenes(jobId, job, dispatched);
  await enterPhase({ jobId, phase: 'assembling' });
  const film = await assemble(jobId, job, dispatched);
  await enterPhase({ jobId, phase: 'uploading' });
  await finalizeFilm({ jobId, film });
}

async function renderScenes(
  jobId: string,
  job: Job,
  { pending, concurrency, cache }: DispatchedScenes,
): Promise<void> {
  const end = await renderWindow({
    indices: pending,
    concurrency: Math.min(concurrency, pending.length),
    render: async (index) => {
      const summary = `scene ${index + 1} of ${job.scenes}`;
      await renderScene.executeWithOptions({ summary }, [{ jobId, index, cache }]).catch(nameScene(index));
    },
  });
  if (end === 'history-full') await continueAsNew<typeof renderMovie>({ jobId, resumed: job });
}

/** A clip may be lost or damaged between its rendering and now; it is rendered again, never taken as it is. */
async function assemble(jobId: string, job: Job, dispatched: DispatchedScenes): Promise<AssembledFilm> {
  for (let round = 0; round < repairRoundsMax; round += 1) {
    const outcome = await assembleFilm({ jobId });
    if (outcome.kind === 'assembled') return outcome.film;
    await renderScenes(jobId, job, { ...dispatched, pending: outcome.indices });
  }
  throw workflowFailure({
    code: 'ASSEMBLE_FAILED',
    details: {
      message: `Clips were lost ${repairRoundsMax} times in a row.`,
      hint: 'Check the object store.',
    },
  });
}

/** Cancels what runs when the time is up; the failure then says so. */
async function withinDeadline({ deadlineMs, jobSecondsMax }: Job, run: () => Promise<void>): Promise<void> {
  const leftMs = Math.max(1, deadlineMs - Date.now());
  try {
    await CancellationScope.withTimeout(leftMs, run);
  } catch (error) {
    const isOurs =
      isCancellation(error) && !CancellationScope.current().consideredCancelled && Date.now() >= deadlineMs;
    if (isOurs) throw workflowFailure(deadlineFailure(jobSecondsMax));
    throw error;
  }
}

async function endJob(jobId: string, error: unknown): Promise<never> {
  if (isCancellation(error)) {
    await cancelJob({ jobId });
    throw error;
  }
  const failure = describeFailure(error);
  await failJob({ jobId, failure });
  throw workflowFailure(failure);
}
