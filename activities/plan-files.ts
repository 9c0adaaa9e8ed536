import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { RenderError } from '../contract/errors.ts';
import type { SceneSource } from '../plan-compiler/compile-types.ts';
import type { RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import { objectKeys } from '../storage/object-keys.ts';
import { ObjectNotFound, type ObjectStore } from '../storage/object-store.ts';

/** Plans kept parsed in a worker: a scene activity should not parse a film of 5,000 scenes each time. */
const plansKeptMax = 4;

/** Writes and reads plans in the store; they never travel through Temporal. */
export class PlanFiles {
  private readonly store: ObjectStore;
  private readonly kept = new Map<string, Promise<RenderPlan>>();

  constructor(store: ObjectStore) {
    this.store = store;
  }

  async write(
    jobId: string,
    { plan, sources }: { readonly plan: RenderPlan; readonly sources: readonly SceneSource[] },
    signal: AbortSignal,
  ): Promise<void> {
    await this.writeJson(objectKeys.sceneSources(jobId), sources, signal);
    await this.writeJson(objectKeys.plan(jobId), plan, signal);
  }

  /** What the scenes were made from, in film order. */
  async sources(jobId: string): Promise<readonly SceneSource[]> {
    return (await this.parse(jobId, objectKeys.sceneSources(jobId))) as readonly SceneSource[];
  }

  /** A plan never changes once it is written, so a parsed one is as good as a fresh one. */
  read(jobId: string): Promise<RenderPlan> {
    const kept = this.kept.get(jobId);
    if (kept !== undefined) return kept;
    const reading = this.parse(jobId, objectKeys.plan(jobId)) as Promise<RenderPlan>;
    this.kept.set(jobId, reading);
    reading.catch(() => this.kept.delete(jobId));
    const [oldest] = this.kept.keys();
    if (this.kept.size > plansKeptMax && oldest !== undefined) this.kept.delete(oldest);
    return reading;
  }

  /** One scene of a plan. */
  async scene(
    jobId: string,
    index: number,
  ): Promise<{ readonly plan: RenderPlan; readonly scene: ScenePlan }> {
    const plan = await this.read(jobId);
    const scene = plan.scenes[index];
    if (scene === undefined)
      throw new RenderError('INTERNAL', `The plan of ${jobId} has no scene ${index}.`, { retryable: false });
    return { plan, scene };
  }

  private async writeJson(key: string, value: unknown, signal: AbortSignal): Promise<void> {
    const body = Readable.from([Buffer.from(JSON.stringify(value))]);
    await this.store.put(key, body, { contentType: 'application/json', signal });
  }

  /** The types of what comes back are those of `write`: nobody else has the keys. */
  private async parse(jobId: string, key: string): Promise<unknown> {
    try {
      const text = await buffer(await this.store.read(key));
      return JSON.parse(text.toString());
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
      throw new RenderError('INTERNAL', `The plan of ${jobId} is gone.`, {
        cause: error,
        retryable: false,
        hint: 'Retry the job.',
      });
    }
  }
}
