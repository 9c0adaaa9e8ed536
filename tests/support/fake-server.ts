// A small HTTP server that answers as the test says, and remembers what it was asked.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ApiClient } from '../../cli/api-client.ts';
import type { JobView } from '../../contract/job.ts';

type Call = {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

export type Answer = (response: ServerResponse, call: Call) => void;

export type FakeApi = {
  readonly url: string;
  readonly client: ApiClient;
  /** The settings of a command that is to ask it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly calls: Call[];
  /** Answers "METHOD /path"; several answers are given one after the other, the last for ever. */
  on(route: string, ...answers: readonly Answer[]): void;
  close(): Promise<void>;
};

const apiKey = 'sm_key';

export async function startFakeApi(): Promise<FakeApi> {
  const routes = new Map<string, Answer[]>();
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks) };
      calls.push(call);
      const answers = routes.get(`${method} ${url.split('?')[0] ?? ''}`) ?? [];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      (answer ?? fault(404, 'NOT_FOUND', 'There is no such route.'))(response, call);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    client: new ApiClient({ apiUrl: url, apiKey }),
    environment: { SCENEMILL_API_URL: url, SCENEMILL_API_KEY: apiKey },
    calls,
    on: (route, ...answers) => void routes.set(route, [...answers]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(value: unknown, status = 200): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
}

export function fault(status: number, code: string, error: string, more: object = {}): Answer {
  return json({ error, code, ...more }, status);
}

/** Sends the events and then ends the stream, as a broken connection does. */
export function events(...jobs: readonly { id: number; job: JobView }[]): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 2000\n\n: still here\n\n');
    for (const { id, job } of jobs) {
      response.write(`id: ${id}\nevent: progress\ndata: ${JSON.stringify(job)}\n\n`);
    }
    response.end();
  };
}

export function jobView(changes: Partial<JobView> = {}): JobView {
  return {
    jobId: 'job_1',
    type: 'render',
    status: 'running',
    phase: 'planning',
    stage: null,
    progress: 0,
    parentJobId: null,
    sceneId: null,
    isCached: false,
    outputUrl: null,
    outputExpiredAt: null,
    error: null,
    errorDetail: null,
    mediaData: null,
    payload: null,
    children: null,
    cacheReport: null,
    startedAt: null,
    endedAt: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

export function sceneJob(sceneId: string, changes: Partial<JobView> = {}): JobView {
  return jobView({
    jobId: `scene_${sceneId}`,
    type: 'render.scene',
    phase: null,
    parentJobId: 'job_1',
    sceneId,
    ...changes,
  });
}

export function asset(changes: object = {}) {
  return {
    assetId: 'a1',
    projectId: 'p',
    name: 'clip.mp4',
    status: 'ready',
    bytes: 4,
    sha256: 'ff',
    facts: null,
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

/** Takes every document as `job_1`, which comes to this end; its film is there. */
export function serveRender(api: FakeApi, film: Buffer, end = doneJob(api, film)): void {
  api.on('POST /v1/render/validate', json({ valid: true, issues: [] }));
  api.on('POST /v1/render/jobs', json({ jobId: 'job_1', status: 'queued' }, 202));
  api.on('GET /v1/jobs/job_1/progress', events({ id: 1, job: jobView() }, { id: 2, job: end }));
  api.on('GET /v1/jobs/job_1', json(end));
  api.on('GET /v1/jobs', json({ jobs: [sceneJob('one', { status: end.status })], nextCursor: null }));
  api.on('GET /objects/out.mp4', (response) => response.end(film));
}

/** A job that is done, with its film at `/objects/out.mp4` of the server. */
function doneJob(api: FakeApi, film: Buffer): JobView {
  return jobView({
    status: 'done',
    phase: null,
    progress: 1,
    outputUrl: `${api.url}/objects/out.mp4?signed=1`,
    mediaData: {
      duration: 2,
      width: 1920,
      height: 1080,
      fileSize: film.length,
      fps: 30,
      videoCodec: 'h264',
      audioCodec: 'aac',
      sha256: createHash('sha256').update(film).digest('hex'),
    },
  });
}
