// The interface between the workflow and the activities. Everything that crosses it is small: ids, keys, numbers.
import type { ErrorCode, ErrorContext } from '../contract/errors.ts';

/** What a failure looks like on Temporal's wire: `type` is the error code, this is `details[0]`. */
export type FailureDetails = Pick<
  ErrorContext,
  'hint' | 'sceneId' | 'sceneIndex' | 'attempt' | 'stderrTail'
> & {
  readonly message: string;
};

export type JobRef = { readonly jobId: string };

/** Run on the control queue: database and store only. */
export interface ControlActivities {
  /**
   * Documents to plan; writes the plan, and dispatches its scenes for the first time: a step of its own would only cost its
   * way there and back. Fails with VALIDATION_ERROR for a document that cannot be compiled.
   */
  compilePlan(job: JobRef): Promise<PlannedJob>;
  /** Creates the scene jobs, looks the cache up, and says what is to be rendered. Repeating it says what is left. */
  dispatchScenes(job: JobRef): Promise<DispatchedScenes>;
  /** Publishes and verifies the result, books the minutes, marks the job done, removes the intermediates. */
  finalizeFilm(input: JobRef & { readonly film: AssembledFilm }): Promise<void>;
  /** Ends the job with the error, and removes what it left behind. An ended job stays as it is. */
  failJob(input: JobRef & { readonly failure: JobFailure }): Promise<void>;
  cancelJob(job: JobRef): Promise<void>;
  /** Removes what nobody needs any more; a dry run only tells what that is. */
  keepHouse(input: { readonly isDryRun: boolean }): Promise<HouseReport>;
}

/** Run on the media queue: FFmpeg. */
export interface MediaActivities {
  /** Renders a scene's picture, stores and records it. */
  renderScene(input: JobRef & SceneRef): Promise<RenderedScene>;
  /** The same for scenes that cost less than an activity does, one encoder after the other. */
  renderScenes(input: JobRef & SceneBatch): Promise<readonly RenderedScene[]>;
  /** Renders the sound of some scenes, stores and records it. */
  renderSounds(input: JobRef & SceneBatch): Promise<void>;
  /** Mixes the programme from the scenes' sound, checks and stores it; or names the sounds that must be rendered again. */
  mixProgramme(input: JobRef & { readonly cache: CacheUse }): Promise<MixOutcome>;
  /**
   * Joins the pictures, lays the programme beside them, checks the film and stores it; or says that clips were damaged.
   * Mixes the programme where that was not done before.
   */
  assembleFilm(input: JobRef & { readonly cache: CacheUse }): Promise<AssembleOutcome>;
  /** Sniffs and probes an uploaded file and records its facts, or why it is refused. */
  probeAsset(input: { readonly assetId: string }): Promise<void>;
}

/** What was removed, or would have been. */
export type HouseReport = {
  readonly isDryRun: boolean;
  /** Cold clips of the scene cache. */
  readonly clips: number;
  readonly clipBytes: number;
  /** Jobs whose output was outdated. */
  readonly outputs: number;
  readonly orphanClips: number;
  readonly orphanObjects: number;
  readonly unfinishedUploads: number;
  /** Scenes of which is not known any more what they were rendered from. */
  readonly historyRows: number;
  /** Whose rows and remains are gone. */
  readonly jobs: number;
};

export type JobFailure = { readonly code: ErrorCode; readonly details: FailureDetails };

export type CompiledJob = {
  /** Parts to render, cached or not. */
  readonly scenes: number;
  readonly title: string;
  /** Bound of the whole job. */
  readonly jobSecondsMax: number;
};

export type PlannedJob = CompiledJob & {
  /** What there is to render; absent in the histories of jobs that began before it was told here. */
  readonly dispatched?: DispatchedScenes;
};

/** With "refresh" a clip that is there already is rendered again. */
export type CacheUse = 'use' | 'refresh';

export type DispatchedScenes = {
  /** Plan indices whose picture is still to be rendered, costliest first. */
  readonly pictures: readonly number[];
  /** For people, one for each of `pictures`: "Pricing · 5.0 s". */
  readonly pictureNotes: readonly string[];
  /** How many of the last of them are so cheap that several share an activity. */
  readonly cheapPictures: number;
  /** Plan indices whose sound is still to be rendered, in film order; none where the programme is there. */
  readonly sounds: readonly number[];
  readonly isProgrammeReady: boolean;
  /** Scenes of which everything came from the cache just now. */
  readonly cached: number;
  /** How many activities of the job may render at a time. */
  readonly concurrency: number;
  readonly cache: CacheUse;
};

export type SceneRef = {
  /** Position in the plan. */
  readonly index: number;
  readonly cache: CacheUse;
};

export type RenderedScene = { readonly wasCached: boolean };

export type SceneBatch = {
  /** Positions in the plan. */
  readonly indices: readonly number[];
  readonly cache: CacheUse;
};

export type MixOutcome =
  | { readonly kind: 'mixed' }
  /** Plan indices of sounds that are gone or damaged. */
  | { readonly kind: 'damaged'; readonly indices: readonly number[] };

export type AssembledFilm = {
  readonly bytes: number;
  readonly sha256: string;
  readonly frames: number;
  readonly durationSeconds: number;
  readonly thumbnailSha256: string;
};

export type AssembleOutcome =
  | { readonly kind: 'assembled'; readonly film: AssembledFilm }
  /** Clips were gone or damaged; the next dispatch says which. */
  | { readonly kind: 'damaged' };
