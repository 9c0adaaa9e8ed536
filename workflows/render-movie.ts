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
import { clipsLost, deadlineFailure, describeFailure, nameScene, workflowFailure } from './job-failure.ts';
import { renderWindow, type Task } from './render-window.ts';
import {
  assembleOptions,
  controlOptions,
  endingOptions,
  finalizeOptions,
  inheritedPriority,
  repairRoundsMax,
  sceneOptions,
  soundBatchMax,
  soundOptions,
  soundPriority,
} from './schedule.ts';
import { soundTasks } from './sound-tasks.ts';

type RenderMovieInput = {
  readonly jobId: string;
  /** Set where a long film goes on in a new run. */
  readonly resumed?: CompiledJob & { readonly deadlineMs: number };
};

const { compilePlan, dispatchScenes } = proxyActivities<ControlActivities>({
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
const { renderSounds, mixProgramme } = proxyActivities<MediaActivities>({
  ...soundOptions,
  taskQueue: taskQueues.media,
});
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
  const film = await renderFilm(jobId, job);
  await finalizeFilm({ jobId, film });
}

/** A clip may be lost or damaged between its rendering and the joining; it is rendered again, never taken as it is. */
async function renderFilm(jobId: string, job: Job): Promise<AssembledFilm> {
  for (let round = 1; round <= repairRoundsMax; round += 1) {
    const dispatched = await dispatchScenes({ jobId });
    setCurrentDetails(describeWork(job, dispatched));
    await renderClips(jobId, job, dispatched);
    const outcome = await assembleFilm({ jobId });
    if (outcome.kind === 'assembled') return outcome.film;
  }
  throw clipsLost(repairRoundsMax);
}

function describeWork(
  { title, scenes }: Job,
  { pictures, sounds, isProgrammeReady }: DispatchedScenes,
): string {
  const mix = isProgrammeReady ? 'is there already' : `needs ${sounds.length} scenes' sound and a mix`;
  return `**${title}**: ${pictures.length} of ${scenes} pictures to render; the film's sound ${mix}.`;
}

async function renderClips(jobId: string, job: Job, dispatched: DispatchedScenes): Promise<void> {
  const pictures = pictureTasks(jobId, job, dispatched);
  const sounds = programmeTasks(jobId, dispatched);
  const concurrency = Math.min(dispatched.concurrency, pictures.length + sounds.length);
  const end = await renderWindow({ sounds, pictures, concurrency });
  if (end === 'history-full') await continueAsNew<typeof renderMovie>({ jobId, resumed: job });
}

function pictureTasks(jobId: string, job: Job, { pictures, cache }: DispatchedScenes): readonly Task[] {
  return pictures.map((index) => async () => {
    const summary = `picture of scene ${index + 1} of ${job.scenes}`;
    await renderScene.executeWithOptions({ summary }, [{ jobId, index, cache }]).catch(nameScene(index));
    return [];
  });
}

function programmeTasks(jobId: string, dispatched: DispatchedScenes): readonly Task[] {
  const { pictures, sounds, isProgrammeReady, concurrency, cache } = dispatched;
  if (isProgrammeReady) return [];
  const priority = sounds.length <= soundBatchMax ? soundPriority : inheritedPriority;
  return soundTasks({
    indices: sounds,
    lanes: pictures.length === 0 ? concurrency : 1,
    render: async (indices) => {
      const numbers = indices.map((index) => index + 1);
      const summary = `sound of scenes ${Math.min(...numbers)}–${Math.max(...numbers)}`;
      await renderSounds.executeWithOptions({ summary, priority }, [{ jobId, indices, cache }]);
    },
    mix: () => mixProgramme.executeWithOptions({ summary: "the film's sound", priority }, [{ jobId, cache }]),
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
