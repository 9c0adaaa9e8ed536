// Draws one still after the other in a thread of its own, so that the worker's heartbeats go on meanwhile.
import type { Worker } from 'node:worker_threads';
import { errorMessage, RenderError } from '../contract/errors.ts';
import type { Drawing, PlacedStill } from '../plan-compiler/render-plan.ts';
import type { DrawAnswer, DrawRequest } from './drawing-thread.ts';
import type { FontFace } from './font-catalogue.ts';
import { startDrawingThread } from './start-thread.ts';

export type Drawer = {
  /**
   * Writes the drawing to a file as straight RGBA and says where it goes. An abort takes a waiting drawing out of the
   * queue; the one at hand (milliseconds) is finished first, so that no one writes to the file after the rejection.
   */
  draw(drawing: Drawing, outputPath: string, signal?: AbortSignal): Promise<PlacedStill>;
  /** Ends the thread; drawings that wait are refused. */
  close(): Promise<void>;
};

/** Draws with these fonts and no others. The thread starts with the first drawing. */
export function createDrawer(fonts: readonly FontFace[]): Drawer {
  const fontPaths = new Map(fonts.map((font) => [font.sha256, font.path]));
  return new ThreadDrawer(() => startDrawingThread({ fontPaths }));
}

type Task = {
  readonly request: DrawRequest;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (still: PlacedStill) => void;
  readonly reject: (reason: unknown) => void;
};

const waitingMax = 1024;
/** A full-canvas text takes about 50 ms; a thread that is silent for so long is stuck. */
const drawTimeoutMs = 60_000;

/** For tests, which bring threads of their own; everyone else calls `createDrawer`. */
export class ThreadDrawer implements Drawer {
  readonly #startThread: () => Worker;
  readonly #timeoutMs: number;
  #thread: Worker | null = null;
  #waiting: Task[] = [];
  #current: { readonly task: Task; readonly timer: NodeJS.Timeout } | null = null;
  #isClosed = false;
  #lastId = 0;

  constructor(startThread: () => Worker, timeoutMs: number = drawTimeoutMs) {
    this.#startThread = startThread;
    this.#timeoutMs = timeoutMs;
  }

  async draw(drawing: Drawing, outputPath: string, signal?: AbortSignal): Promise<PlacedStill> {
    signal?.throwIfAborted();
    if (this.#isClosed) {
      throw closedError();
    }
    if (this.#waiting.length >= waitingMax) {
      throw new RenderError('INTERNAL', `More than ${waitingMax} drawings are waiting.`);
    }
    this.#lastId += 1;
    const request = { id: this.#lastId, drawing, outputPath };
    return await new Promise<PlacedStill>((resolve, reject) => {
      const leave = () => this.#leaveQueue(request.id);
      signal?.addEventListener('abort', leave, { once: true });
      const settled =
        <Value>(settle: (value: Value) => void) =>
        (value: Value) => {
          signal?.removeEventListener('abort', leave);
          settle(value);
        };
      this.#waiting.push({ request, signal, resolve: settled(resolve), reject: settled(reject) });
      this.#drawNext();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const thread = this.#thread;
    this.#giveUp(closedError());
    for (const task of this.#waiting.splice(0)) {
      task.reject(closedError());
    }
    await thread?.terminate();
  }

  #leaveQueue(id: number): void {
    const index = this.#waiting.findIndex((task) => task.request.id === id);
    const [task] = index < 0 ? [] : this.#waiting.splice(index, 1);
    task?.reject(task.signal?.reason);
  }

  #drawNext(): void {
    if (this.#current !== null) {
      return;
    }
    const task = this.#waiting.shift();
    if (task === undefined) {
      // An idle thread does not keep the process alive.
      this.#thread?.unref();
      return;
    }
    const timer = setTimeout(() => {
      this.#giveUp(new RenderError('RENDER_TIMEOUT', `A drawing took longer than ${this.#timeoutMs} ms.`));
      this.#drawNext();
    }, this.#timeoutMs);
    this.#current = { task, timer };
    this.#thread ??= this.#openThread();
    this.#thread.ref();
    this.#thread.postMessage(task.request);
  }

  #openThread(): Worker {
    const thread = this.#startThread();
    thread.on('message', (answer: DrawAnswer) => this.#settle(answer));
    const lose = (cause: unknown) => {
      if (this.#thread === thread) {
        this.#giveUp(
          new RenderError('INTERNAL', `The drawing thread ended: ${errorMessage(cause)}`, { cause }),
        );
        this.#drawNext();
      }
    };
    thread.on('error', lose);
    thread.on('messageerror', lose);
    thread.on('exit', (code) => lose(new Error(`exit code ${code}`)));
    return thread;
  }

  #settle(answer: DrawAnswer): void {
    if (this.#current?.task.request.id !== answer.id) {
      return;
    }
    const { task, timer } = this.#current;
    clearTimeout(timer);
    this.#current = null;
    if (task.signal?.aborted === true) {
      task.reject(task.signal.reason);
    } else if (answer.kind === 'drawn') {
      task.resolve(answer.still);
    } else {
      const hint = answer.hint === null ? {} : { hint: answer.hint };
      task.reject(new RenderError(answer.code, answer.message, hint));
    }
    this.#drawNext();
  }

  /** Fails the drawing at hand and leaves the thread to its end; the next drawing starts another. */
  #giveUp(reason: RenderError): void {
    const thread = this.#thread;
    const current = this.#current;
    this.#thread = null;
    this.#current = null;
    // A thread inside Skia ends only when Skia returns, so nobody waits for it here.
    void thread?.terminate();
    if (current !== null) {
      clearTimeout(current.timer);
      current.task.reject(reason);
    }
  }
}

function closedError(): RenderError {
  return new RenderError('INVALID_STATE', 'The drawer is closed.');
}
