import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { JobEvent } from '../contract/answers.ts';
import { isFinal } from '../contract/names.ts';

/** A comment at least this often, so that no proxy closes a silent stream; it also looks at the job again. */
const HEARTBEAT_MS = 15_000;
/** At most ten events a second for one reader; what changes in between is told by the next one. */
const EVENT_INTERVAL_MS = 100;
/** A reader that takes nothing for so long is gone. */
const DRAIN_MS_MAX = 60_000;
/** How long a browser waits before it connects again. */
const RECONNECT_MS = 2_000;

export type VersionedEvent = { readonly version: number; readonly data: JobEvent };

export type JobEventSource = {
  /** The job's present state; null where it is gone. */
  readonly read: () => Promise<VersionedEvent | null>;
  /** `isEnd`: the job has ended, and whoever waits for that shall not wait for the interval as well. */
  readonly subscribe: (onChange: (isEnd: boolean) => void) => () => void;
  /** The last version the reader has seen; -1 for none. */
  readonly lastSeen: number;
  readonly log: FastifyBaseLogger;
};

/** One reader of one job's progress: the present state, every change, a final event, the end. */
export class JobEventStream {
  readonly #response: ServerResponse;
  readonly #source: JobEventSource;
  readonly #end = new AbortController();
  /** No pause is waited for any more: the job or the stream has ended. */
  readonly #hurry = new AbortController();
  /** What was sent last: the scenes' counts may change while the job's own version does not. */
  #sentData: string | null = null;
  #hasChanged = true;
  #isPumping = false;

  constructor(response: ServerResponse, source: JobEventSource) {
    this.#response = response;
    this.#source = source;
  }

  /** Resolves when the stream has ended, for whatever reason. */
  async run(): Promise<void> {
    const stop = (): void => this.close();
    this.#response.once('close', stop).once('error', stop);
    this.#response.write(`retry: ${RECONNECT_MS}\n\n`);
    // Subscribed before the first read: nothing that happens in between is missed.
    const unsubscribe = this.#source.subscribe((isEnd) => {
      this.#change();
      if (isEnd) this.#hurry.abort();
    });
    const heartbeat = setInterval(() => {
      this.#response.write(': still here\n\n');
      this.#change();
    }, HEARTBEAT_MS);
    this.#change();
    if (!this.#end.signal.aborted) await once(this.#end.signal, 'abort');
    clearInterval(heartbeat);
    unsubscribe();
    this.#response.end();
  }

  close(): void {
    this.#end.abort();
    this.#hurry.abort();
  }

  #change(): void {
    this.#hasChanged = true;
    if (!this.#isPumping) void this.#pump();
  }

  /** The only sender; however many changes come, one state at a time is on its way to the reader. */
  async #pump(): Promise<void> {
    const { signal } = this.#end;
    this.#isPumping = true;
    try {
      while (this.#hasChanged && !signal.aborted) {
        this.#hasChanged = false;
        await this.#sendPresent();
        await this.#pause();
      }
    } catch (error) {
      // The database may be away for a while: the next change or heartbeat tries again.
      if (!signal.aborted) this.#source.log.warn({ err: error }, 'the state of a job could not be sent');
    } finally {
      this.#isPumping = false;
    }
  }

  async #pause(): Promise<void> {
    await sleep(EVENT_INTERVAL_MS, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
  }

  async #sendPresent(): Promise<void> {
    const event = await this.#source.read();
    if (event === null) this.close();
    else await this.#send(event);
  }

  async #send(event: VersionedEvent): Promise<void> {
    const isEnd = isFinal(event.data.status);
    const data = JSON.stringify(event.data);
    const isResumed = this.#sentData === null && event.version === this.#source.lastSeen && !isEnd;
    if (isResumed || data === this.#sentData) return;
    this.#sentData = data;
    const name = isEnd ? event.data.status : 'progress';
    const text = `id: ${event.version}\nevent: ${name}\ndata: ${data}\n\n`;
    if (!this.#response.write(text)) await this.#drained();
    if (isEnd) this.close();
  }

  async #drained(): Promise<void> {
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(DRAIN_MS_MAX)]);
    try {
      await once(this.#response, 'drain', { signal });
    } catch {
      // It left or is stuck: either way there is nobody to send to.
      this.#response.destroy();
    }
  }
}
