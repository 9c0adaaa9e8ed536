import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AssetList, ErrorBody, JobList, SubmittedJob, Validation } from '../contract/answers.ts';
import { Asset } from '../contract/asset.ts';
import { errorMessage } from '../contract/errors.ts';
import { JobView } from '../contract/job.ts';
import { ApiError } from './api-error.ts';
import { JobPlan } from './job-plan.ts';
import { type Patience, tryAgain } from './try-again.ts';

/** Most calls answer at once; one that does not is given up. */
const callTimeoutMs = 20_000;
/** Checking a large document or storing a large file takes longer. */
const submitTimeoutMs = 60_000;
const uploadTimeoutMs = 30 * 60_000;
/** Until the first byte of a stream. */
const openTimeoutMs = 20_000;
/** An answer that is not JSON is quoted up to here. */
const quotedCharsMax = 300;

export type Connection = { readonly apiUrl: string; readonly apiKey: string };

type Call<T> = {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly json?: unknown;
  readonly file?: string;
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
  readonly answer: z.ZodType<T>;
};

export type JobFilter = {
  readonly parentJobId?: string;
  readonly status?: string;
  readonly limit?: number;
  readonly cursor?: string;
};

/** The HTTP API as typed calls. Every call has a deadline and every failure is an ApiError. */
export class ApiClient {
  readonly #connection: Connection;
  readonly #patience: Patience | null;

  constructor(connection: Connection, patience: Patience | null = null) {
    this.#connection = connection;
    this.#patience = patience;
  }

  /** The same server, for work that may last: calls wait where the server asks for it, and end with the signal. */
  with(patience: Patience): ApiClient {
    return new ApiClient(this.#connection, patience);
  }

  get apiUrl(): string {
    return this.#connection.apiUrl;
  }

  /** With a key of the caller's own the same submission may be sent twice and is one job. */
  submit(document: unknown, idempotencyKey?: string): Promise<SubmittedJob> {
    const timeoutMs = submitTimeoutMs;
    return this.#call({
      method: 'POST',
      path: '/v1/render/jobs',
      json: document,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      timeoutMs,
      answer: SubmittedJob,
    });
  }

  validate(document: unknown): Promise<Validation> {
    const timeoutMs = submitTimeoutMs;
    return this.#call({
      method: 'POST',
      path: '/v1/render/validate',
      json: document,
      timeoutMs,
      answer: Validation,
    });
  }

  getJob(jobId: string): Promise<JobView> {
    return this.#call({ path: `/v1/jobs/${encodeURIComponent(jobId)}`, answer: JobView });
  }

  listJobs(filter: JobFilter): Promise<JobList> {
    return this.#call({ path: '/v1/jobs', query: filter, answer: JobList });
  }

  /** The scene jobs of a job; the server is asked for at most `pagesMax` pages of 100. */
  async listScenes(parentJobId: string, pagesMax: number): Promise<readonly JobView[]> {
    const scenes: JobView[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < pagesMax; page += 1) {
      const filter: JobFilter = { parentJobId, limit: 100, ...(cursor === null ? {} : { cursor }) };
      const list: JobList = await this.listJobs(filter);
      scenes.push(...list.jobs.filter((job) => job.type === 'render.scene'));
      cursor = list.nextCursor;
      if (cursor === null) break;
    }
    return scenes;
  }

  /** Answers the job as it stands after the request to stop it. */
  async cancelJob(jobId: string): Promise<JobView> {
    const path = `/v1/jobs/${encodeURIComponent(jobId)}/cancel`;
    await this.#call({ method: 'POST', path, answer: z.unknown() });
    return await this.getJob(jobId);
  }

  retryJob(jobId: string): Promise<SubmittedJob> {
    const path = `/v1/jobs/${encodeURIComponent(jobId)}/retry`;
    return this.#call({ method: 'POST', path, answer: SubmittedJob });
  }

  getPlan(jobId: string): Promise<JobPlan> {
    const path = `/v1/jobs/${encodeURIComponent(jobId)}/plan`;
    return this.#call({ path, timeoutMs: submitTimeoutMs, answer: JobPlan });
  }

  /** The project's asset with exactly these bytes, or null. */
  async findAsset(projectId: string, sha256: string): Promise<Asset | null> {
    const query = { projectId, sha256, limit: 1 };
    const list = await this.#call({ path: '/v1/assets', query, answer: AssetList });
    return list.assets[0] ?? null;
  }

  getAsset(assetId: string): Promise<Asset> {
    return this.#call({ path: `/v1/assets/${encodeURIComponent(assetId)}`, answer: Asset });
  }

  /** Streams the file; it is never whole in memory. */
  uploadAsset(upload: { projectId: string; name: string; file: string }): Promise<Asset> {
    const { projectId, name, file } = upload;
    const query = { projectId, name };
    const timeoutMs = uploadTimeoutMs;
    return this.#call({ method: 'POST', path: '/v1/assets', query, file, timeoutMs, answer: Asset });
  }

  /** Opens the job's server-sent events after the event named. The caller reads the body and ends it by the signal. */
  async openProgress(jobId: string, lastEventId: string | null, signal: AbortSignal): Promise<Response> {
    const url = this.#url(`/v1/jobs/${encodeURIComponent(jobId)}/progress`);
    const resume: Record<string, string> = lastEventId === null ? {} : { 'last-event-id': lastEventId };
    const headers = { ...this.#headers(), accept: 'text/event-stream', ...resume };
    return await openStream(url, headers, signal);
  }

  /** Opens a link that the server gave. The key goes along only to the server itself. */
  async openLink(link: string, signal: AbortSignal): Promise<Response> {
    const url = new URL(link, this.#connection.apiUrl);
    const isOurs = url.origin === new URL(this.#connection.apiUrl).origin;
    return await openStream(url, isOurs ? this.#headers() : {}, signal);
  }

  /** What moves much, or may be sent twice, is also tried again where the way breaks; the rest tells a dead server at once. */
  #call<T>(call: Call<T>): Promise<T> {
    const mayBreak = call.file !== undefined || call.idempotencyKey !== undefined;
    return this.#patience === null
      ? this.#once(call)
      : tryAgain(() => this.#once(call), this.#patience, mayBreak);
  }

  async #once<T>(call: Call<T>): Promise<T> {
    const body = call.json === undefined ? {} : { body: JSON.stringify(call.json) };
    const response = await answered({
      url: this.#url(call.path, call.query),
      init: {
        method: call.method ?? 'GET',
        headers: { ...this.#headers(), ...headersOf(call) },
        signal: this.#within(call.timeoutMs ?? callTimeoutMs),
        ...body,
        ...(call.file === undefined ? {} : fileBody(call.file)),
      },
    });
    return await parseAnswer(response, call.answer);
  }

  #within(timeoutMs: number): AbortSignal {
    const timeout = AbortSignal.timeout(timeoutMs);
    return this.#patience === null ? timeout : AbortSignal.any([timeout, this.#patience.signal]);
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#connection.apiKey}` };
  }

  #url(path: string, query: Call<unknown>['query'] = {}): URL {
    const url = new URL(path, this.#connection.apiUrl);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }
}

function headersOf({ json, file, idempotencyKey }: Call<unknown>): Record<string, string> {
  return {
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(file === undefined ? {} : { 'content-type': 'application/octet-stream' }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
}

function fileBody(file: string): RequestInit {
  return { body: Readable.toWeb(createReadStream(file)), duplex: 'half' };
}

type FetchCall = { readonly url: URL; readonly init: RequestInit };

/** A response with a status below 400, or an ApiError. */
async function answered({ url, init }: FetchCall): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    throw noAnswer(url, cause);
  }
  if (!response.ok) throw await readFault(response);
  return response;
}

/** A response whose body may last; only its beginning has a deadline. */
async function openStream(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  const opening = new AbortController();
  const timer = setTimeout(() => opening.abort(), openTimeoutMs);
  try {
    return await answered({ url, init: { headers, signal: AbortSignal.any([signal, opening.signal]) } });
  } finally {
    clearTimeout(timer);
  }
}

async function parseAnswer<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const text = await response.text().catch((cause: unknown) => {
    throw noAnswer(new URL(response.url), cause);
  });
  const parsed = schema.safeParse(text === '' ? null : parseJson(text));
  if (parsed.success) return parsed.data;
  const problem = z.prettifyError(parsed.error);
  throw new ApiError('BAD_ANSWER', `The server's answer is not of our contract: ${problem}`, {
    status: response.status,
  });
}

async function readFault(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  const { status } = response;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  const body = ErrorBody.safeParse(parseJson(text));
  if (!body.success) {
    const message = `HTTP ${status} from ${new URL(response.url).origin}: ${text.slice(0, quotedCharsMax)}`;
    return new ApiError('BAD_ANSWER', message, { status, retryAfterMs });
  }
  const { error, code, details } = body.data;
  return new ApiError(code, error, { status, details: details ?? [], retryAfterMs });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noAnswer(url: URL, cause: unknown): ApiError {
  const isLate = cause instanceof DOMException && cause.name === 'TimeoutError';
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const what = isLate
    ? 'did not answer in time'
    : `cannot be reached (${errorMessage(reason) || 'connection failed'})`;
  return new ApiError('NO_ANSWER', `${url.origin} ${what}.`, { cause });
}
