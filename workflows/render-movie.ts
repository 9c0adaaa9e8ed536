// One job, from the accepted document to the stored film. Only ids and numbers pass through here.
import {
  CancellationScope,
  CancelledFailure,
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import { taskQueues } from '../contract/names.ts';
import type {
  AssembledFilm,
  CompiledJob,
  ControlActivities,
  DispatchedScenes,
  MediaActivities,
  PlannedJob,
} from './activity-types.ts';
import { JobDetails } from './job-details.ts';
import {
  clipsLost,
  deadlineFailure,
  describeFailure,
  isPlanLost,
  nameWork,
  type Work,
  workflowFailure,
} from './job-failure.ts';
import { pictureTasks } from './picture-tasks.ts';
import { renderWindow, type Task } from './render-window.ts';
import {
  assembleOptions,
  controlOptions,
  endingOptions,
  finalizeOptions,
  inheritedPriority,
  repairRoundsMax,
  replansMax,
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
const { renderScene, renderScenes } = proxyActivities<MediaActivities>({
  ...sceneOptions,
  taskQueue: taskQueues.media,
});
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
  const details = new JobDetails();
  try {
    const compiled = input.resumed ?? (await plan(jobId, details));
    const deadlineMs = input.resumed?.deadlineMs ?? Date.now() + compiled.jobSecondsMax * 1000;
    const job = { ...compiled, jobId, deadlineMs, details };
    details.planned(compiled);
    await withinDeadline(job, () => makeFilmWithPlan(job));
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    // What was at work may fail by itself in the moment of the cancel; then too it is not tried again.
    const end = CancellationScope.current().consideredCancelled ? asCancelled(error) : error;
    await CancellationScope.nonCancellable(() => endJob(jobId, end));
  }
}

function asCancelled(error: unknown): unknown {
  return isCancellation(error) ? error : new CancelledFailure('The job was cancelled.');
}

type Job = PlannedJob & {
  readonly jobId: string;
  readonly deadlineMs: number;
  readonly details: JobDetails;
};

function plan(jobId: string, details: JobDetails): Promise<PlannedJob> {
  details.enter('planning');
  return compilePlan.executeWithOptions({ summary: 'the plan of the film, and what there is to render' }, [
    { jobId },
  ]);
}

/** Made from the same document, a lost plan is the same again: what was rendered by it is found. */
async function makeFilmWithPlan(job: Job): Promise<void> {
  let planned = job;
  for (let replans = 0; ; replans += 1) {
    try {
      await makeFilm(planned);
      return;
    } catch (error) {
      if (!isPlanLost(error) || replans >= replansMax) throw error;
    }
    planned = { ...job, ...(await plan(job.jobId, job.details)) };
    job.details.planned(planned);
  }
}

async function makeFilm(job: Job): Promise<void> {
  const { jobId, details } = job;
  const film = await renderFilm(job);
  details.enter('uploading');
  await finalizeFilm.executeWithOptions({ summary: 'the film, published and checked' }, [{ jobId, film }]);
}

/** A clip may be lost or damaged between its rendering and the joining; it is rendered again, never taken as it is. */
async function renderFilm(job: Job): Promise<AssembledFilm> {
  const { jobId, details } = job;
  for (let round = 1; round <= repairRoundsMax; round += 1) {
    const isPlanned = round === 1 && job.dispatched !== undefined;
    const dispatched = isPlanned ? job.dispatched : await dispatch(job, round);
    details.dispatched(dispatched);
    details.enter('rendering');
    await renderClips(job, dispatched);
    details.enter('assembling');
    const { cache } = dispatched;
    const summary = 'the film, joined';
    const outcome = await assembleFilm.executeWithOptions({ summary }, [{ jobId, cache }]);
    if (outcome.kind === 'assembled') return outcome.film;
  }
  throw clipsLost(repairRoundsMax);
}

function dispatch({ jobId, details }: Job, round: number): Promise<DispatchedScenes> {
  details.enter('dispatching');
  return dispatchScenes.executeWithOptions({ summary: describeRound(round) }, [{ jobId }]);
}

function describeRound(round: number): string {
  return round === 1 ? 'what there is to render' : `what was lost and is rendered again, round ${round}`;
}

async function renderClips(job: Job, dispatched: DispatchedScenes): Promise<void> {
  const pictures = pictureTasks({
    ...dispatched,
    render: (positions) => renderPictures(job, dispatched, positions),
  });
  const sounds = programmeTasks(job, dispatched);
  const concurrency = Math.min(dispatched.concurrency, pictures.length + sounds.length);
  const end = await renderWindow({ sounds, pictures, concurrency });
  if (end === 'all-done') return;
  const { jobId, scenes, title, jobSecondsMax, deadlineMs } = job;
  await continueAsNew<typeof renderMovie>({ jobId, resumed: { scenes, title, jobSecondsMax, deadlineMs } });
}

async function renderPictures(
  { jobId, details }: Job,
  { pictures, pictureNotes, cache }: DispatchedScenes,
  positions: readonly number[],
): Promise<void> {
  const indices = positions.flatMap((position) => pictures[position] ?? []);
  const [index] = indices;
  const [position = 0] = positions;
  if (index === undefined) return;
  const first = details.summarize(index, pictureNotes[position]);
  const isOne = indices.length === 1;
  const summary = isOne ? first : `${first} and ${indices.length - 1} more`;
  const render = async (): Promise<void> => {
    if (isOne) await renderScene.executeWithOptions({ summary }, [{ jobId, index, cache }]);
    else await renderScenes.executeWithOptions({ summary }, [{ jobId, indices, cache }]);
  };
  // Of several scenes the activity itself says which one it was.
  await atWork(details, { what: summary, ...(isOne ? { sceneIndex: index } : {}) }, render);
  details.picturesDone(indices.length);
}

/** One of the activities beside each other; its failure says what it was at. */
async function atWork<Result>(details: JobDetails, work: Work, run: () => Promise<Result>): Promise<Result> {
  details.begun(work.what);
  try {
    const result = await run();
    details.ended(work.what);
    return result;
  } catch (error) {
    if (isCancellation(error)) throw error;
    details.failed(work.what);
    throw nameWork(error, work);
  }
}

function programmeTasks({ jobId, details }: Job, dispatched: DispatchedScenes): readonly Task[] {
  const { pictures, sounds, isProgrammeReady, concurrency, cache } = dispatched;
  // With nothing beside it the mix is made while the film's pictures are fetched to be joined.
  const isAlone = pictures.length + sounds.length === 0;
  if (isProgrammeReady || isAlone) return [];
  const priority = sounds.length <= soundBatchMax ? soundPriority : inheritedPriority;
  return soundTasks({
    indices: sounds,
    lanes: pictures.length === 0 ? concurrency : 1,
    render: async (indices) => {
      const numbers = indices.map((index) => index + 1);
      const summary = `sound of scenes ${Math.min(...numbers)}–${Math.max(...numbers)}`;
      await atWork(details, { what: summary }, () =>
        renderSounds.executeWithOptions({ summary, priority }, [{ jobId, indices, cache }]),
      );
    },
    mix: async () => {
      const summary = "the film's sound, mixed";
      const outcome = await atWork(details, { what: summary }, () =>
        mixProgramme.executeWithOptions({ summary, priority }, [{ jobId, cache }]),
      );
      if (outcome.kind === 'mixed') details.soundDone();
      return outcome;
    },
  });
}

/** Cancels what runs when the time is up; the failure then says so. */
async function withinDeadline(
  { deadlineMs, jobSecondsMax, details }: Job,
  run: () => Promise<void>,
): Promise<void> {
  const leftMs = Math.max(1, deadlineMs - Date.now());
  try {
    await CancellationScope.withTimeout(leftMs, run);
  } catch (error) {
    const isOurs =
      isCancellation(error) && !CancellationScope.current().consideredCancelled && Date.now() >= deadlineMs;
    if (isOurs) throw workflowFailure(deadlineFailure(jobSecondsMax, details.state));
    throw error;
  }
}

async function endJob(jobId: string, error: unknown): Promise<never> {
  if (isCancellation(error)) {
    await cancelJob.executeWithOptions({ summary: 'the cancelled job, cleared away' }, [{ jobId }]);
    throw error;
  }
  const failure = describeFailure(error);
  const summary = `the failed job, cleared away: ${failure.code}`;
  await failJob.executeWithOptions({ summary }, [{ jobId, failure }]);
  throw workflowFailure(failure);
}
