// Activities without FFmpeg, database or store: they note what was asked of them, and fail or wait where a test says so.
import { CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ControlActivities, JobFailure, MediaActivities } from '../../workflows/activity-types.ts';

export type FakeFilm = {
  readonly scenes: number;
  /** How many of the last are cheap enough to share an activity. */
  readonly cheap: number;
  /** Scenes that have sound; the film's sound is mixed from them. */
  readonly sounds: readonly number[];
  readonly concurrency: number;
  readonly jobSecondsMax: number;
  /** What rendering a picture does beyond being noted; an endless one is ended by cancellation only. */
  readonly scene: (index: number, attempt: number) => Promise<void>;
  /** The same for a batch of sounds. */
  readonly sound: (indices: readonly number[]) => Promise<void>;
  readonly mix: () => Promise<void>;
  /** Indices whose picture assembling finds damaged, one list for each try. */
  readonly damaged: number[][];
  /** Indices whose sound the mix finds damaged, one list for each try. */
  readonly damagedSounds: number[][];
  /** How often finalizing finds that the plan was lost. */
  readonly planLosses: number;
};

/** Everything that costs next to nothing, so that a test names only what it is about. */
export const plainFilm: FakeFilm = {
  scenes: 6,
  cheap: 0,
  sounds: [],
  concurrency: 2,
  jobSecondsMax: 60,
  scene: () => Promise.resolve(),
  sound: () => Promise.resolve(),
  mix: () => Promise.resolve(),
  damaged: [],
  damagedSounds: [],
  planLosses: 0,
};

export class FilmLog {
  readonly rendered: number[] = [];
  readonly soundsRendered: number[] = [];
  /** What began and ended, in order: "picture 3 begins", "sound 0,1 ends", "mix begins", "assemble". */
  readonly story: string[] = [];
  mixes = 0;
  mostAtOnce = 0;
  plans = 0;
  dispatches = 0;
  failure: JobFailure | null = null;
  isCancelled = false;
  isDone = false;
  /** Encoders still at work when the job was ended: must be none. */
  atWorkAtEnd = 0;
  atWork = 0;

  /** Notes the beginning and the end of some work. */
  async during(what: string, work: () => Promise<void>): Promise<void> {
    this.story.push(`${what} begins`);
    this.atWork += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atWork);
    try {
      await work();
      this.story.push(`${what} ends`);
    } finally {
      this.atWork -= 1;
    }
  }
}

/** What a job has of its clips: its own copies in the store. */
type Held = { readonly pictures: Set<number>; readonly sounds: Set<number>; programme: boolean };

export function fakeActivities(film: FakeFilm, log: FilmLog): ControlActivities & MediaActivities {
  const held: Held = { pictures: new Set(), sounds: new Set(), programme: false };
  return { ...controlActivities(film, log, held), ...mediaActivities(film, log, held) };
}

function mediaActivities(film: FakeFilm, log: FilmLog, held: Held): MediaActivities {
  const damaged = [...film.damaged];
  const damagedSounds = [...film.damagedSounds];
  return {
    renderScene: async ({ index }) => {
      await log.during(`picture ${index}`, () => film.scene(index, Context.current().info.attempt));
      log.rendered.push(index);
      held.pictures.add(index);
      return { wasCached: false };
    },
    renderScenes: async ({ indices }) => {
      await log.during(`pictures ${indices.join(',')}`, async () => {
        for (const index of indices) await film.scene(index, Context.current().info.attempt);
      });
      log.rendered.push(...indices);
      for (const index of indices) held.pictures.add(index);
      return indices.map(() => ({ wasCached: false }));
    },
    renderSounds: async ({ indices }) => {
      await log.during(`sound ${indices.join(',')}`, () => film.sound(indices));
      log.soundsRendered.push(...indices);
      for (const index of indices) held.sounds.add(index);
    },
    mixProgramme: async () => {
      await log.during('mix', film.mix);
      log.mixes += 1;
      const indices = damagedSounds.shift();
      held.programme = indices === undefined;
      return indices === undefined ? { kind: 'mixed' } : { kind: 'damaged', indices };
    },
    assembleFilm: async () => {
      log.story.push('assemble');
      if (!held.programme) {
        await log.during('mix', film.mix);
        log.mixes += 1;
        held.programme = true;
      }
      const indices = damaged.shift();
      for (const index of indices ?? []) held.pictures.delete(index);
      if (indices !== undefined) return { kind: 'damaged' };
      const assembled = { bytes: 1, sha256: 'x', frames: 1, durationSeconds: 1, thumbnailSha256: 'y' };
      return { kind: 'assembled', film: assembled };
    },
    probeAsset: () => Promise.resolve(),
  };
}

const nothingToRemove = {
  clips: 0,
  clipBytes: 0,
  outputs: 0,
  orphanClips: 0,
  orphanObjects: 0,
  unfinishedUploads: 0,
  historyRows: 0,
  jobs: 0,
};

function controlActivities(film: FakeFilm, log: FilmLog, held: Held): ControlActivities {
  const activities: ControlActivities = {
    compilePlan: async (job) => {
      log.plans += 1;
      const { scenes, jobSecondsMax } = film;
      return { scenes, title: 'Test', jobSecondsMax, dispatched: await activities.dispatchScenes(job) };
    },
    dispatchScenes: () => {
      log.dispatches += 1;
      const all = Array.from({ length: film.scenes }, (_, index) => index);
      const pictures = all.filter((index) => !held.pictures.has(index));
      return Promise.resolve({
        pictures,
        pictureNotes: pictures.map((index) => `scene-${index} · 1.0 s`),
        cheapPictures: Math.min(film.cheap, pictures.length),
        cached: 0,
        sounds: film.sounds.filter((index) => !held.sounds.has(index) && !held.programme),
        isProgrammeReady: held.programme,
        concurrency: film.concurrency,
        cache: 'use',
      });
    },
    finalizeFilm: () => {
      if (log.plans <= film.planLosses) throw planLost();
      log.isDone = true;
      return Promise.resolve();
    },
    failJob: ({ failure }) => {
      log.failure = failure;
      log.atWorkAtEnd = log.atWork;
      return Promise.resolve();
    },
    keepHouse: ({ isDryRun }) => Promise.resolve({ isDryRun, ...nothingToRemove }),
    cancelJob: () => {
      log.isCancelled = true;
      log.atWorkAtEnd = log.atWork;
      return Promise.resolve();
    },
  };
  return activities;
}

/** Works until it is cancelled, with heartbeats, and takes a moment to stop, as an encoder does. */
export async function endlessScene(): Promise<void> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), 100);
  try {
    await context.cancelled;
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    throw error instanceof CancelledFailure ? error : new CancelledFailure('cancelled');
  } finally {
    clearInterval(timer);
  }
}

function planLost(): ApplicationFailure {
  const message = 'The stored plan is not what was written.';
  return ApplicationFailure.create({
    type: 'PLAN_UNAVAILABLE',
    message,
    nonRetryable: true,
    details: [{ message, attempt: 1 }],
  });
}

/** The failure that `toFailure` makes of a RenderError. */
export function sceneFailure(sceneId: string, isRetryable: boolean): ApplicationFailure {
  const message = `FFmpeg exited with code 1 on ${sceneId}`;
  return ApplicationFailure.create({
    type: 'SCENE_RENDER_FAILED',
    message,
    nonRetryable: !isRetryable,
    details: [{ message, sceneId, stderrTail: 'no such filter', attempt: 1 }],
  });
}
