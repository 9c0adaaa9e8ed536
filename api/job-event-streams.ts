import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from './authenticate.ts';
import { type JobEventSource, JobEventStream } from './job-event-stream.ts';
import { type PlaceBounds, Places } from './places.ts';
import type { ApiServices } from './services.ts';

/** Readers at once, in all and of one user: each holds a connection and asks the database at every change. */
const streamPlaces: PlaceBounds = {
  max: 1_000,
  perOwnerMax: 100,
  things: 'streams of progress',
  owner: 'user',
  are: 'are open',
  hint: 'Close one, or ask for the job itself.',
};
/** So long a stream may outlive its key: the keys of all streams are looked at together, by one question. */
export const KEY_CHECK_MS = 15_000;

export type StreamReader = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly caller: Caller;
};

/** The open progress streams: bounded, closed when the server closes, and when the key that opened one stops working. */
export class JobEventStreams {
  readonly #services: Pick<ApiServices, 'accounts' | 'log'>;
  readonly #callers = new Map<JobEventStream, Caller>();
  readonly #places = new Places(streamPlaces);
  #keyCheck: NodeJS.Timeout | null = null;
  #isChecking = false;

  constructor(services: Pick<ApiServices, 'accounts' | 'log'>) {
    this.#services = services;
  }

  /** Takes the connection over from Fastify until the job or the reader ends. Throws before that where there is no place. */
  async serve({ request, reply, caller }: StreamReader, source: JobEventSource): Promise<void> {
    const leave = this.#places.take(caller.user.userId);
    const stream = new JobEventStream(reply.raw, source);
    this.#callers.set(stream, caller);
    this.#keyCheck ??= setInterval(() => void this.#checkKeys(), KEY_CHECK_MS);
    try {
      takeOver(request, reply);
      await stream.run();
    } finally {
      leave();
      this.#forget(stream);
    }
  }

  closeAll(): void {
    for (const stream of this.#callers.keys()) stream.close();
  }

  #forget(stream: JobEventStream): void {
    this.#callers.delete(stream);
    if (this.#callers.size > 0 || this.#keyCheck === null) return;
    clearInterval(this.#keyCheck);
    this.#keyCheck = null;
  }

  /** Closed without an event: whoever connects again is told why by the answer to that. */
  async #checkKeys(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    // Those that open meanwhile were let in just now.
    const open = [...this.#callers];
    try {
      const keyIds = new Set(open.map(([, { keyId }]) => keyId));
      const working = await this.#services.accounts.workingKeys([...keyIds]);
      for (const [stream, { keyId }] of open) if (!working.has(keyId)) stream.close();
    } catch (error) {
      // While the database is away the streams tell nothing either; the next check comes.
      this.#services.log.warn({ err: error }, 'the keys of the progress streams could not be checked');
    } finally {
      this.#isChecking = false;
    }
  }
}

function takeOver(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    // Kept alive, it would hold up the server's end for as long as an idle connection may last.
    connection: 'close',
    // Some proxies hold a stream back until it is large.
    'x-accel-buffering': 'no',
    'x-request-id': request.id,
  });
}
