import { RenderError } from '../contract/errors.ts';
import type { Stage } from '../contract/names.ts';
import { phaseSpans } from '../contract/progress.ts';
import type { JobRow, NewSceneJob } from './ports.ts';
import { question } from './question.ts';
import type { Pool, Session } from './session.ts';

const questions = {
  list: question('scenes/list'),
  lockParent: question('scenes/lock-parent'),
  lockJob: question('scenes/lock-job'),
  create: question('scenes/create'),
  start: question('scenes/start'),
  report: question('scenes/report'),
  finish: question('scenes/finish'),
  raiseParent: question('scenes/raise-parent'),
  reopen: question('scenes/reopen'),
  reopenParent: question('scenes/reopen-parent'),
};

/** The scene jobs of a job. Each change locks the parent first and ends by bringing its progress up to date. */
export class JobScenes {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  list(jobId: string): Promise<readonly JobRow[]> {
    return this.#pool.all(questions.list, { jobId });
  }

  create(jobId: string, scenes: readonly NewSceneJob[]): Promise<void> {
    return this.#pool.transaction('create scenes', async (session) => {
      await session.first(questions.lockJob, { jobId });
      await session.change(questions.create, { jobId, scenes });
      await raiseParent(session, jobId, null);
    });
  }

  start(sceneJobId: string, attempt: number): Promise<void> {
    return this.#change(sceneJobId, null, (session) =>
      session.change(questions.start, { sceneJobId, attempt }),
    );
  }

  report(sceneJobId: string, progress: number, stage: Stage): Promise<void> {
    const share = toShare(progress);
    return this.#change(sceneJobId, stage, (session) =>
      session.change(questions.report, { sceneJobId, progress: share, stage }),
    );
  }

  finish(sceneJobId: string, isCached: boolean): Promise<void> {
    return this.#change(sceneJobId, null, (session) =>
      session.change(questions.finish, { sceneJobId, isCached }),
    );
  }

  reopen(jobId: string, sceneIndices: readonly number[]): Promise<void> {
    return this.#pool.transaction('reopen scenes', async (session) => {
      const job = await session.first<{ isActive: boolean }>(questions.lockJob, { jobId });
      if (job?.isActive !== true) return;
      await session.change(questions.reopen, { jobId, sceneIndices });
      await session.change(questions.reopenParent, { jobId });
    });
  }

  /** The parent is touched only where the scene was: a report without news wakes nobody. */
  #change(
    sceneJobId: string,
    parentStage: Stage | null,
    change: (session: Session) => Promise<number>,
  ): Promise<void> {
    return this.#pool.transaction(`change scene ${sceneJobId}`, async (session) => {
      const parent = await session.first<{ jobId: string }>(questions.lockParent, { sceneJobId });
      if (parent === null) throw new RenderError('NOT_FOUND', `There is no scene job "${sceneJobId}".`);
      if ((await change(session)) > 0) await raiseParent(session, parent.jobId, parentStage);
    });
  }
}

/** A number that may be counted on: 0–1, and 0 for what is no number. */
export function toShare(progress: number): number {
  return Number.isFinite(progress) ? Math.min(Math.max(progress, 0), 1) : 0;
}

async function raiseParent(session: Session, jobId: string, stage: Stage | null): Promise<void> {
  await session.change(questions.raiseParent, { jobId, stage, ...phaseSpans.rendering });
}
