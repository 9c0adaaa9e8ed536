import { setTimeout as sleep } from 'node:timers/promises';
import type pgPromise from 'pg-promise';
import { openConnection } from './driver.ts';

export type JobChanges = {
  /** Called after each change of the job or of one of its scenes, and once after a gap in which some may have been missed. */
  subscribe(jobId: string, listener: ChangeListener): () => void;
  /** Whether changes are heard right now; where not, a caller that cannot wait asks the database itself. */
  isListening(): boolean;
  close(): Promise<void>;
};

/** `isEnd`: the job is known to be over; its last change was told before as any other. */
type ChangeListener = (isEnd: boolean) => void;

type Notice = { readonly channel: string; readonly payload?: string };

/** Both named in the migrations. */
const CHANNELS = { changes: 'job_changes', ends: 'job_ends' } as const;
const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_MIN_MS = 250;
const RECONNECT_MAX_MS = 10_000;
/** A connection that is cut without a word is only noticed by asking. */
const PROBE_INTERVAL_MS = 15_000;
const PROBE_TIMEOUT_MS = 5_000;

/** Hears of job changes on one connection of its own, which is made anew whenever it is lost. */
export function listenForJobChanges(url: string): JobChanges {
  const listeners = new Map<string, Set<ChangeListener>>();
  const closed = new AbortController();
  const state = { isListening: false };
  const database = openConnection({
    connectionString: url,
    application_name: 'scenemill job changes',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
    keepAlive: true,
    max: 1,
  });
  const hear = (jobId: string, isEnd: boolean): void => {
    for (const listener of [...(listeners.get(jobId) ?? [])]) listener(isEnd);
  };
  const running = keepListening(database, closed.signal, {
    onNotice: hear,
    onListening: (isListening) => {
      state.isListening = isListening;
      if (isListening) for (const jobId of [...listeners.keys()]) hear(jobId, false);
    },
  });
  return {
    subscribe: (jobId, listener) => subscribe(listeners, jobId, listener),
    isListening: () => state.isListening,
    close: async () => {
      listeners.clear();
      closed.abort();
      await running;
      await database.$pool.end();
    },
  };
}

function subscribe(
  listeners: Map<string, Set<ChangeListener>>,
  jobId: string,
  listener: ChangeListener,
): () => void {
  const ofJob = listeners.get(jobId) ?? new Set();
  listeners.set(jobId, ofJob);
  // Wrapped, so that the same function subscribed twice is two subscriptions.
  const entry: ChangeListener = (isEnd) => listener(isEnd);
  ofJob.add(entry);
  return () => {
    ofJob.delete(entry);
    if (ofJob.size === 0 && listeners.get(jobId) === ofJob) listeners.delete(jobId);
  };
}

type Events = {
  readonly onNotice: (jobId: string, isEnd: boolean) => void;
  readonly onListening: (isListening: boolean) => void;
};

/** Listens until closed. The pause between attempts doubles up to a bound and starts anew after a success. */
async function keepListening(
  database: pgPromise.IDatabase<object>,
  closed: AbortSignal,
  events: Events,
): Promise<void> {
  let pauseMs = RECONNECT_MIN_MS;
  while (!closed.aborted) {
    try {
      await listenOnce(database, closed, {
        ...events,
        onListening: (isListening) => {
          pauseMs = RECONNECT_MIN_MS;
          events.onListening(isListening);
        },
      });
    } catch {
      // A database that is away is reported by those who ask it; here it only means to try again.
    }
    events.onListening(false);
    await pause(pauseMs, closed);
    pauseMs = Math.min(pauseMs * 2, RECONNECT_MAX_MS);
  }
}

/** Returns when closed, throws when the connection is lost. */
async function listenOnce(
  database: pgPromise.IDatabase<object>,
  closed: AbortSignal,
  events: Events,
): Promise<void> {
  const lost = new AbortController();
  const connection = await database.connect({ direct: true, onLost: () => lost.abort() });
  const onNotification = (notice: Notice): void => {
    if (notice.payload !== undefined) events.onNotice(notice.payload, notice.channel === CHANNELS.ends);
  };
  connection.client.on('notification', onNotification);
  try {
    await connection.none('LISTEN $<changes:name>; LISTEN $<ends:name>', CHANNELS);
    events.onListening(true);
    await probe(connection, AbortSignal.any([closed, lost.signal]));
  } finally {
    connection.client.removeListener('notification', onNotification);
    // A lost connection has been let go already and refuses to be let go twice.
    if (!lost.signal.aborted) await connection.done();
  }
}

async function probe(connection: pgPromise.IBaseProtocol<object>, ended: AbortSignal): Promise<void> {
  while (await pause(PROBE_INTERVAL_MS, ended)) await connection.one('SELECT 1');
}

/** False where it was cut short. */
function pause(durationMs: number, ended: AbortSignal): Promise<boolean> {
  return sleep(durationMs, true, { signal: ended }).catch(() => false);
}
