import type { FastifyReply, FastifyRequest } from 'fastify';
import { RenderError } from '../contract/errors.ts';
import { type JobEventSource, JobEventStream } from './job-event-stream.ts';

/** Readers at once, in all and of one user: each holds a connection and asks the database at every change. */
const STREAMS_MAX = 1_000;
const STREAMS_PER_USER_MAX = 100;

export type StreamReader = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly userId: string;
};

/** The open progress streams: bounded, and closed when the server closes. */
export class JobEventStreams {
  readonly #owners = new Map<JobEventStream, string>();

  /** Takes the connection over from Fastify until the job or the reader ends. Throws RATE_LIMITED before that. */
  async serve({ request, reply, userId }: StreamReader, source: JobEventSource): Promise<void> {
    this.#admit(userId);
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
    const stream = new JobEventStream(reply.raw, source);
    this.#owners.set(stream, userId);
    try {
      await stream.run();
    } finally {
      this.#owners.delete(stream);
    }
  }

  closeAll(): void {
    for (const stream of this.#owners.keys()) stream.close();
  }

  #admit(userId: string): void {
    const own = [...this.#owners.values()].filter((owner) => owner === userId).length;
    if (this.#owners.size < STREAMS_MAX && own < STREAMS_PER_USER_MAX) return;
    throw new RenderError('RATE_LIMITED', 'Too many progress streams are open.', {
      hint: 'Close one, or ask for the job itself.',
    });
  }
}
