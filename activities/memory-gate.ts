// Lets a worker's runs of FFmpeg work side by side, and one alone where it needs more memory than its share.
import { RenderError } from '../contract/errors.ts';
import type { FfmpegTools } from '../ffmpeg/ffmpeg-command.ts';

export type MemoryGateOptions = {
  readonly tools: FfmpegTools;
  /** How many renders share the worker's memory; one that is alone may use all their shares. */
  readonly shares: number;
};

export class MemoryGate {
  readonly #tools: FfmpegTools;
  readonly #shares: number;
  #inside = 0;
  #alone = false;
  readonly #waiting: Waiting[] = [];

  constructor({ tools, shares }: MemoryGateOptions) {
    this.#tools = tools;
    this.#shares = shares;
  }

  /** Runs the body; where it fails with OUT_OF_MEMORY, once more, with nothing beside it and the memory of all. */
  async run<Result>(signal: AbortSignal, body: (tools: FfmpegTools) => Promise<Result>): Promise<Result> {
    try {
      return await this.#within(false, signal, () => body(this.#tools));
    } catch (error) {
      if (!(error instanceof RenderError) || error.code !== 'OUT_OF_MEMORY') throw error;
      return this.#within(true, signal, () => body(withMemory(this.#tools, this.#shares)));
    }
  }

  async #within<Result>(alone: boolean, signal: AbortSignal, body: () => Promise<Result>): Promise<Result> {
    await this.#enter(alone, signal);
    try {
      return await body();
    } finally {
      this.#leave();
    }
  }

  /** In the order of arrival, so that one who wants to be alone is not kept waiting for ever. */
  #enter(alone: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        alone,
        enter: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
        this.#admit();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  #leave(): void {
    this.#inside -= 1;
    this.#alone = false;
    this.#admit();
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#alone || (next.alone && this.#inside > 0)) return;
      this.#waiting.shift();
      this.#inside += 1;
      this.#alone = next.alone;
      next.enter();
    }
  }
}

type Waiting = { readonly alone: boolean; readonly enter: () => void };

function withMemory(tools: FfmpegTools, shares: number): FfmpegTools {
  const { cage } = tools;
  const memoryBytesMax = cage.limits.memoryBytesMax * shares;
  return { ...tools, cage: { ...cage, limits: { ...cage.limits, memoryBytesMax } } };
}
