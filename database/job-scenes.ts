import { RenderError } from '../contract/errors.ts';
import type { Stage } from '../contract/names.ts';
import { phaseSpans } from '../contract/progress.ts';
import type { JobRow, NewSceneJob } from './ports.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

const questions = {
  list: question('scenes/list'),
  lockParent: question('scenes/lock-parent'),
  lockJob: question('scenes/lock-job'),
  create: question('scenes/create'),
  start: question('scenes/start'),
  report: question('scenes/report'),
  finish: question('scenes/finish'),
  raiseParent: question('scenes/raise-parent'),
  touchParent: question('scenes/touch-parent'),
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

  async create(jobId: string, scenes: readonly NewSceneJob[]): Promise<void> {
    await this.#pool.changeAll('create scenes', [
      [questions.lockJob, { jobId }],
      [questions.create, { jobId, scenes }],
      [questions.raiseParent, raised({ jobId })],
    ]);
  }

  start(sceneJobId: string, attempt: number): Promise<void> {
    const start: Change = [questions.start, { sceneJobId, attempt }];
    return this.#change(sceneJobId, start, [questions.touchParent, { sceneJobId }]);
  }

  report(sceneJobId: string, progress: number, stage: Stage): Promise<void> {
    const values = { sceneJobId, progress: toShare(progress), stage };
    return this.#change(sceneJobId, [questions.report, values], raisedBy(sceneJobId, stage));
  }

  finish(sceneJobId: string, isCached: boolean): Promise<void> {
    const finish: Change = [questions.finish, { sceneJobId, isCached }];
    return this.#change(sceneJobId, finish, raisedBy(sceneJobId));
  }

  reopen(jobId: string, sceneIndices: readonly number[]): Promise<void> {
    return this.#pool.transaction('reopen scenes', async (session) => {
      const job = await session.first<{ isActive: boolean }>(questions.lockJob, { jobId });
      if (job?.isActive !== true) return;
      await session.change(questions.reopen, { jobId, sceneIndices });
      await session.change(questions.reopenParent, { jobId });
    });
  }

  async #change(sceneJobId: string, change: Change, ofParent: Change): Promise<void> {
    const lock: Change = [questions.lockParent, { sceneJobId }];
    const [parents] = await this.#pool.changeAll(`change scene ${sceneJobId}`, [lock, change, ofParent]);
    if (parents === 0) throw new RenderError('NOT_FOUND', `There is no scene job "${sceneJobId}".`);
  }
}

type Change = Parameters<Pool['changeAll']>[1][number];

/** A number that may be counted on: 0–1, and 0 for what is no number. */
export function toShare(progress: number): number {
  return Number.isFinite(progress) ? Math.min(Math.max(progress, 0), 1) : 0;
}

type Raised = {
  readonly jobId: string | null;
  readonly sceneJobId: string | null;
  readonly stage: Stage | null;
};

function raisedBy(sceneJobId: string, stage: Stage | null = null): Change {
  return [questions.raiseParent, raised({ sceneJobId, stage })];
}

/** The values of `raiseParent`: of a job that is named, or of the parent of a scene. */
function raised(values: Partial<Raised>): Raised & { readonly from: number; readonly to: number } {
  return { jobId: null, sceneJobId: null, stage: null, ...values, ...phaseSpans.rendering };
}
