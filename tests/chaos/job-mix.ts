// Callers who keep some jobs under way: several users, repeated requests, cancels, webhooks. They write down what was promised.
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../faults/world.ts';
import type { ChaosDocument } from './documents.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';
import type { ChaosUser } from './users.ts';

export type AcceptedJob = {
  readonly jobId: string;
  readonly document: ChaosDocument;
  readonly hasWebhook: boolean;
  isCancelAsked: boolean;
};

export type JobMix = {
  readonly accepted: ReadonlyMap<string, AcceptedJob>;
  /** Codes of answers that accepted nothing, with how often they came. */
  readonly refused: Readonly<Record<string, number>>;
  /** No more jobs; resolves when every request has its answer. */
  close(): Promise<void>;
};

export type MixOptions = {
  readonly world: World;
  readonly users: readonly [ChaosUser, ...ChaosUser[]];
  readonly nextDocument: () => ChaosDocument;
  readonly callbackUrl: string;
  readonly random: Random;
  readonly journal: Journal;
};

type Request = {
  readonly user: ChaosUser;
  readonly document: ChaosDocument;
  readonly hasWebhook: boolean;
  readonly isShared: boolean;
  readonly key: string;
  readonly cancelAfterMs: number | null;
};

const activeMax = 8;
const requestMsMax = 10_000;
/** Whoever gets no answer asks again with the same key. */
const repeatMs = 500;
const answerMsMax = 240_000;
/** The smaller plans have bounds, which callers like these meet. */
const isQuota = (code: string): boolean => code.startsWith('402 ') || code.startsWith('409 ');
const isAnswer = (status: number): boolean => status < 500 && status !== 429;

export function startJobMix(options: MixOptions): JobMix {
  const { world, random, journal } = options;
  const accepted = new Map<string, AcceptedJob>();
  const refused: Record<string, number> = {};
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();
  const isOpen = (): boolean => !closing.signal.aborted;
  const follow = async (request: Request): Promise<void> => {
    const answer = await ask(options, request);
    if (answer === null) {
      journal.violation(`no answer to ${request.key} in ${answerMsMax / 1000} s`);
      return;
    }
    if (answer.jobId === null) {
      refused[answer.code] = (refused[answer.code] ?? 0) + 1;
      if (!isQuota(answer.code)) journal.violation(`${request.key} was refused: ${answer.code}`);
      return;
    }
    const { jobId } = answer;
    const { document, hasWebhook } = request;
    const job = accepted.get(jobId) ?? { jobId, document, hasWebhook, isCancelAsked: false };
    if (job.document.hash !== document.hash) journal.violation(`${jobId} was given for two documents`);
    accepted.set(jobId, job);
    if (request.cancelAfterMs !== null) await cancel(world, { job, request });
  };
  const loop = (async () => {
    for (let count = 1; isOpen(); count += 1) {
      const [request, pauseMs] = [drawRequest(options, count), random.between(200, 2_500)];
      while (isOpen() && (await activeJobs(world)) >= activeMax) await sleep(repeatMs);
      const task = follow(request).finally(() => underWay.delete(task));
      underWay.add(task);
      await sleep(pauseMs);
    }
  })();
  return {
    accepted,
    refused,
    close: async () => {
      closing.abort();
      await loop;
      await Promise.all(underWay);
    },
  };
}

function drawRequest({ users, nextDocument, random }: MixOptions, count: number): Request {
  const document = nextDocument();
  // The file of a soundtrack belongs to the first user's project.
  const user = (document.movie.audio ?? []).length > 0 ? users[0] : random.pick([users[0], ...users]);
  const hasWebhook = random.chance(0.3);
  const cancelAfterMs = random.chance(0.15) ? random.between(0, 6_000) : null;
  const isShared = !hasWebhook && cancelAfterMs === null && random.chance(0.5);
  return { user, document, hasWebhook, isShared, cancelAfterMs, key: `chaos-${process.pid}-${count}` };
}

/** While the database is away nobody knows, so the callers wait. */
async function activeJobs(world: World): Promise<number> {
  const question = 'SELECT 1 FROM jobs WHERE is_active AND parent_job_id IS NULL';
  return world.sql(question).then(
    (rows) => rows.length,
    () => activeMax,
  );
}

type Outcome = { readonly jobId: string } | { readonly jobId: null; readonly code: string };

/** Repeats the request with its key until there is an answer; null where there is none in all the time. */
async function ask({ world, callbackUrl }: MixOptions, request: Request): Promise<Outcome | null> {
  const { user, document, hasWebhook, isShared, key } = request;
  const body = {
    kind: 'movie',
    projectId: user.projectId,
    movie: document.movie,
    renderOptions: { reuseActive: isShared },
    ...(hasWebhook ? { callbackUrl } : {}),
  };
  const deadline = performance.now() + answerMsMax;
  while (performance.now() < deadline) {
    const answer = await send(world, { path: '/v1/render/jobs', key: user.key, body, idempotencyKey: key });
    if (answer !== null && isAnswer(answer.status)) {
      const { jobId, code } = answer.body;
      if (jobId !== undefined) return { jobId };
      return { jobId: null, code: `${answer.status} ${code ?? ''}` };
    }
    await sleep(repeatMs);
  }
  return null;
}

async function cancel(
  world: World,
  { job, request }: { readonly job: AcceptedJob; readonly request: Request },
): Promise<void> {
  await sleep(request.cancelAfterMs ?? 0);
  job.isCancelAsked = true;
  const path = `/v1/jobs/${job.jobId}/cancel`;
  const deadline = performance.now() + answerMsMax;
  while (performance.now() < deadline) {
    const answer = await send(world, { path, key: request.user.key });
    if (answer !== null && isAnswer(answer.status)) return;
    await sleep(repeatMs);
  }
}

type Post = {
  readonly path: string;
  readonly key: string;
  readonly body?: object;
  readonly idempotencyKey?: string;
};
type PostAnswer = {
  readonly status: number;
  readonly body: { readonly jobId?: string; readonly code?: string };
};

/** Null where the connection broke or nothing came in time. */
async function send({ stack }: World, post: Post): Promise<PostAnswer | null> {
  try {
    const response = await fetch(new URL(post.path, stack.apiUrl), {
      method: 'POST',
      headers: {
        'x-api-key': post.key,
        ...(post.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(post.idempotencyKey === undefined ? {} : { 'idempotency-key': post.idempotencyKey }),
      },
      ...(post.body === undefined ? {} : { body: JSON.stringify(post.body) }),
      signal: AbortSignal.timeout(requestMsMax),
    });
    // What our own server answers is what its description says.
    return { status: response.status, body: (await response.json()) as PostAnswer['body'] };
  } catch {
    return null;
  }
}
