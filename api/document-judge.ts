// Work on documents: at once for a small one, in a thread for a large one, so that other requests are answered meanwhile.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { RenderError } from '../contract/errors.ts';
import {
  type DocumentWork,
  documentWork,
  doWork,
  type WorkAnswer,
  type WorkRequest,
} from './document-work.ts';
import { type PlaceBounds, Places } from './places.ts';

/** Values in a document that is worked on at once: about 30 ms (measured: 5,000 scenes of two layers have 60,000 and take 650). */
const VALUES_AT_ONCE_MAX = 3_000;
/** What is nested deeper cannot be handed to a thread, and is refused wherever it is read; starting one for it costs 50 MB (measured). */
const DEPTH_SHARED_MAX = 500;
/** Large documents that wait for the thread; each is some megabytes. */
const waitingPlaces: PlaceBounds = {
  max: 16,
  perOwnerMax: 4,
  things: 'large documents',
  owner: 'user',
  are: 'are checked',
  hint: 'Send the document again when one of them was answered.',
};
/** The largest document takes some seconds. */
const WORK_MS_MAX = 60_000;
/** The thread's memory is given back when no large document has come for so long. */
const IDLE_MS = 10_000;
const HEAP_MEGABYTES_MAX = 1_024;

export class DocumentJudge {
  #thread: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  readonly #waiting = new Places(waitingPlaces);
  /** The end of the work that was taken last. */
  #last: Promise<unknown> = Promise.resolve();

  /** Throws RATE_LIMITED where the user has too many large documents here, UNAVAILABLE where all users together have. */
  async run<Task extends keyof DocumentWork>(
    userId: string,
    task: Task,
    input: Parameters<DocumentWork[Task]>[0],
  ): Promise<ReturnType<DocumentWork[Task]>> {
    // Task and input belong together by the signature, which TypeScript does not follow through the union.
    type Result = ReturnType<DocumentWork[Task]>;
    if (!isLarge(input)) return documentWork[task](input as never) as Result;
    return (await this.#inTurn(userId, { task, input })) as Result;
  }

  /** The thread is ended with whatever it does. */
  async close(): Promise<void> {
    await this.#endThread();
  }

  #inTurn(userId: string, request: WorkRequest): Promise<unknown> {
    const leave = this.#waiting.take(userId);
    const turn = this.#last.then(() => this.#ask(request));
    this.#last = turn
      .catch(() => undefined)
      .finally(() => {
        leave();
        if (this.#waiting.isEmpty) this.#rest();
      });
    return turn;
  }

  async #ask(request: WorkRequest): Promise<unknown> {
    const answer = await this.#answerTo(request);
    if (answer.kind === 'done') return answer.result;
    const hint = answer.hint === null ? {} : { hint: answer.hint };
    throw new RenderError(answer.code, answer.message, hint);
  }

  async #answerTo(request: WorkRequest): Promise<WorkAnswer> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#thread ??= startJudgingThread();
    try {
      this.#thread.postMessage(request);
    } catch {
      // Nested too deeply to be handed over, which is told as quickly here.
      return doWork(request);
    }
    try {
      // A thread that ends by a fault says "error", by which this rejects.
      const signal = AbortSignal.timeout(WORK_MS_MAX);
      const [answer] = (await once(this.#thread, 'message', { signal })) as [WorkAnswer];
      return answer;
    } catch (cause) {
      await this.#endThread();
      throw new RenderError('INTERNAL', 'The document could not be judged.', { cause });
    }
  }

  #rest(): void {
    this.#idle = setTimeout(() => void this.#endThread(), IDLE_MS);
    this.#idle.unref();
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }
}

/** Stops counting at the bound, so that it costs nothing with the largest. */
function isLarge(input: unknown): boolean {
  let left = VALUES_AT_ONCE_MAX;
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: input, depth: 0 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value, depth } = item;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEPTH_SHARED_MAX) return false;
    for (const part of Object.values(value)) {
      left -= 1;
      if (left < 0) return true;
      open.push({ value: part, depth: depth + 1 });
    }
  }
  return false;
}

/** From source or from the build, whichever this file is part of; a thread loads TypeScript only if told how. */
function startJudgingThread(): Worker {
  const options = {
    name: 'judging',
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX },
  };
  const thread = import.meta.url.endsWith('.ts')
    ? new Worker(sourceLauncher(new URL('./judging-thread.ts', import.meta.url)), { ...options, eval: true })
    : new Worker(new URL('./judging-thread.js', import.meta.url), options);
  // It does not keep the process; and an end that nobody waits for is no fault of the process.
  thread.unref();
  thread.on('error', () => undefined);
  return thread;
}

function sourceLauncher(source: URL): string {
  const loader = import.meta.resolve('tsx/esm/api');
  return `import(${JSON.stringify(loader)}).then((tsx) => {
    tsx.register();
    return import(${JSON.stringify(source.href)});
  });`;
}
