import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { RenderError } from '../contract/errors.ts';
import type { PlanHashes, PlanHashIndex } from '../database/plan-hash-index.ts';
import type { SceneSource } from '../plan-compiler/compile-types.ts';
import type { RenderPlan, ScenePlan } from '../plan-compiler/render-plan.ts';
import { withinDeadline } from '../storage/deadline.ts';
import { objectKeys } from '../storage/object-keys.ts';
import { ObjectNotFound, type ObjectStore } from '../storage/object-store.ts';
import { sideBySide } from './side-by-side.ts';

/** Plans kept parsed in a worker: a scene activity should not parse a film of 5,000 scenes each time. */
const plansKeptMax = 4;
/** Bytes may be damaged on their way as well as where they lie. */
const readAttemptsMax = 2;

/** Writes and reads plans in the store; they never travel through Temporal. What comes back is held against its hash. */
export class PlanFiles {
  readonly #store: ObjectStore;
  readonly #hashes: PlanHashIndex;
  readonly #kept = new Map<string, Promise<RenderPlan>>();

  constructor(store: ObjectStore, hashes: PlanHashIndex) {
    this.#store = store;
    this.#hashes = hashes;
  }

  async write(
    jobId: string,
    { plan, sources }: { readonly plan: RenderPlan; readonly sources: readonly SceneSource[] },
    signal: AbortSignal,
  ): Promise<void> {
    const [sourcesHash, planHash] = await sideBySide(
      signal,
      (either) => this.#writeJson(objectKeys.sceneSources(jobId), sources, either),
      (either) => this.#writeJson(objectKeys.plan(jobId), plan, either),
    );
    await this.#hashes.record(jobId, { sources: sourcesHash, plan: planHash });
    this.#kept.delete(jobId);
  }

  /** What the scenes were made from, in film order. The types are those of `write`: nobody else has the keys. */
  async sources(jobId: string): Promise<readonly SceneSource[]> {
    return (await this.#parse(jobId, 'sources')) as readonly SceneSource[];
  }

  /** A plan never changes once it is written, so a parsed one is as good as a fresh one. Throws PLAN_UNAVAILABLE. */
  read(jobId: string, signal?: AbortSignal): Promise<RenderPlan> {
    // Not one caller's to cancel: another scene may be waiting for the same plan.
    return withinDeadline(this.#keep(jobId), null, signal);
  }

  /** One scene of a plan. */
  async scene(
    { jobId, index }: { readonly jobId: string; readonly index: number },
    signal: AbortSignal,
  ): Promise<{ readonly plan: RenderPlan; readonly scene: ScenePlan }> {
    const plan = await this.read(jobId, signal);
    const scene = plan.scenes[index];
    if (scene === undefined)
      throw new RenderError('INTERNAL', `The plan of ${jobId} has no scene ${index}.`, { retryable: false });
    return { plan, scene };
  }

  #keep(jobId: string): Promise<RenderPlan> {
    const kept = this.#kept.get(jobId);
    if (kept !== undefined) return kept;
    const reading = this.#parse(jobId, 'plan') as Promise<RenderPlan>;
    this.#kept.set(jobId, reading);
    reading.catch(() => this.#kept.delete(jobId));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > plansKeptMax && oldest !== undefined) this.#kept.delete(oldest);
    return reading;
  }

  /** Returns the hash of what was sent. */
  async #writeJson(key: string, value: unknown, signal: AbortSignal): Promise<string> {
    const body = Readable.from([Buffer.from(JSON.stringify(value))]);
    const { sha256 } = await this.#store.put(key, body, { contentType: 'application/json', signal });
    return sha256;
  }

  async #parse(jobId: string, file: keyof PlanHashes): Promise<unknown> {
    const known = this.#hashes.find(jobId);
    for (let attempt = 1; attempt <= readAttemptsMax; attempt += 1) {
      const [hashes, bytes] = await Promise.all([known, this.#readBytes(jobId, file)]);
      if (hashes === null) throw unavailable(jobId, 'is gone');
      if (createHash('sha256').update(bytes).digest('hex') === hashes[file])
        return JSON.parse(bytes.toString()) as unknown;
    }
    throw unavailable(jobId, 'is not what was written');
  }

  async #readBytes(jobId: string, file: keyof PlanHashes): Promise<Buffer> {
    try {
      return await buffer(await this.#store.read(objectKey[file](jobId)));
    } catch (error) {
      if (error instanceof ObjectNotFound) throw unavailable(jobId, 'is gone', error);
      throw error;
    }
  }
}

const objectKey = { plan: objectKeys.plan, sources: objectKeys.sceneSources } as const;

/** Reading it a third time would not help; it is derived, so the workflow has it made again. */
function unavailable(jobId: string, how: string, cause?: unknown): RenderError {
  return new RenderError('PLAN_UNAVAILABLE', `The stored plan of ${jobId} ${how}.`, {
    retryable: false,
    hint: 'Check the object store, then retry the job.',
    cause,
  });
}
