import { setTimeout as sleep } from 'node:timers/promises';
import { JobEvent } from '../contract/answers.ts';
import { isFinal } from '../contract/names.ts';
import type { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { readEvents } from './event-stream.ts';

export type FollowOptions = {
  readonly jobId: string;
  readonly signal: AbortSignal;
  /** Between two tries to open the stream, and between two polls. */
  readonly pauseMs?: number;
  /** So often in a row nothing comes of the stream before the job is polled instead. */
  readonly streamTriesMax?: number;
  /** So often in a row a poll may fail before we give up. */
  readonly pollTriesMax?: number;
};

/** The states of a job until it ends: by server-sent events, taken up again where they broke off, else by polling. */
export async function* followJob(client: ApiClient, options: FollowOptions): AsyncGenerator<JobEvent> {
  const { pauseMs = 1000, streamTriesMax = 4, signal } = options;
  const position: StreamPosition = { lastEventId: null };
  let triesLeft = streamTriesMax;
  while (triesLeft > 0) {
    let hasMoved = false;
    for await (const event of oneStream(client, options, position)) {
      hasMoved = true;
      yield event;
      if (isFinal(event.status)) return;
    }
    if (signal.aborted) return;
    triesLeft = hasMoved ? streamTriesMax : triesLeft - 1;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  yield* pollJob(client, options);
}

type StreamPosition = { lastEventId: string | null };

/** One connection. It ends without a word where the way broke, and throws what no second try can mend. */
async function* oneStream(
  client: ApiClient,
  { jobId, signal }: FollowOptions,
  position: StreamPosition,
): AsyncGenerator<JobEvent> {
  const closing = new AbortController();
  try {
    const either = AbortSignal.any([signal, closing.signal]);
    const response = await client.openProgress(jobId, position.lastEventId, either);
    if (response.body === null) return;
    for await (const event of readEvents(response.body)) {
      position.lastEventId = event.id ?? position.lastEventId;
      const state = parseEvent(event.data);
      if (state !== null) yield state;
    }
  } catch (error) {
    if (error instanceof ApiError && !error.isPassing) throw error;
  } finally {
    closing.abort();
  }
}

async function* pollJob(client: ApiClient, options: FollowOptions): AsyncGenerator<JobEvent> {
  const { jobId, signal, pauseMs = 1000, pollTriesMax = 30 } = options;
  let triesLeft = pollTriesMax;
  while (!signal.aborted) {
    try {
      const job = await client.getJob(jobId);
      triesLeft = pollTriesMax;
      yield job;
      if (isFinal(job.status)) return;
    } catch (error) {
      triesLeft -= 1;
      if (!(error instanceof ApiError && error.isPassing) || triesLeft <= 0) throw error;
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

function parseEvent(data: string): JobEvent | null {
  try {
    return JobEvent.parse(JSON.parse(data));
  } catch {
    // An event of another kind or version: the next state will do.
    return null;
  }
}
