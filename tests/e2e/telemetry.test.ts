// What an operator sees: logs that tell of a job by its ids and never by its words, metrics that the dashboard asks for, and one
// trace from the request to FFmpeg. A stack of its own, whose processes answer at /metrics and send their spans to a receiver here.
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JobView } from '../../contract/job.ts';
import { chooseFfmpeg } from '../../tools/ffmpeg-choice.ts';
import { freePort } from '../../tools/ports.ts';
import { type Stack, startStack } from '../../tools/stack.ts';
import { alertQueries, dashboardQueries, parseQuery } from '../support/dashboard-queries.ts';
import { readMetrics, type Sample, total } from '../support/metrics-text.ts';
import { type ReceivedSpan, startTraceReceiver, type TraceReceiver } from '../support/trace-receiver.ts';

/** Stands in every text that a user may send. */
const mark = 'ZYXMARK';
/** Frames of the scene that FFmpeg refuses here. */
const poisonedFrames = 17;

let folder = '';
let stack: Stack;
let receiver: TraceReceiver;
let metricsPort = 0;
let done: JobView;
let failed: JobView;
let secret = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-telemetry-'));
  receiver = await startTraceReceiver();
  metricsPort = await freePort();
  secret = `${mark}-signing-secret`;
  stack = await startStack({
    isDisposable: true,
    ports: { api: 0, temporal: 0, temporalUi: 0, postgres: 0 },
    environment: {
      CANVAS_WIDTH_MIN: '16',
      CANVAS_HEIGHT_MIN: '16',
      LINK_SIGNING_SECRET: secret,
      HEALTH_PORT: String(metricsPort),
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: `x-collector-key=${mark}-collector`,
      // Else FFmpeg would never hear of the number of frames by which the poisoned scene is known.
      REPEAT_STILLS: 'off',
      SANDBOX: 'none',
      ...(await poisonedFfmpeg()),
    },
  });
  await refusedRequests();
  done = await render(film([40, 35]));
  await render(film([40, 35]));
  failed = await render(film([poisonedFrames]));
  // A job's row says how it ended a moment before its workflow has.
  const hasEnded = async (): Promise<boolean> =>
    (await logLines('worker-1')).some(({ msg, jobId }) => msg === 'job' && jobId === failed.jobId);
  await vi.waitUntil(hasEnded, { timeout: 10_000 });
});
afterAll(async () => {
  await stack.stop();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

async function poisonedFfmpeg(): Promise<Record<string, string>> {
  const { ffmpeg, ffprobe } = await chooseFfmpeg();
  const program = join(folder, 'ffmpeg');
  const refuse = `case "$*" in *"-frames:v ${poisonedFrames} "*) echo "[error] ${mark} broke" >&2; exit 1;; esac`;
  await writeFile(program, `#!/bin/sh\n${refuse}\nexec ${ffmpeg.path} "$@"\n`);
  await chmod(program, 0o755);
  return { FFMPEG_PATH: program, FFPROBE_PATH: ffprobe.path };
}

function film(frames: readonly number[]): object {
  const scenes = frames.map((count, index) => ({
    id: `${mark}-scene-${index}`,
    duration: count / 30,
    layers: [{ type: 'text', text: `${mark} ${index}`, fontSize: 10 }],
  }));
  return { title: `${mark} title`, width: 64, height: 36, scenes };
}

async function send(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  const json = { 'content-type': 'application/json', 'x-api-key': stack.apiKey, ...headers };
  return fetch(new URL(path, stack.apiUrl), { method: 'POST', headers: json, body });
}

/** Each refused in another place: the JSON parser, the schema, the compiler, the keys, the addresses. */
async function refusedRequests(): Promise<void> {
  const document = { kind: 'movie', projectId: 'default', movie: film([40]) };
  const refused = [
    send('/v1/render/jobs', `{"movie": ${mark}`),
    send('/v1/render/jobs', JSON.stringify({ ...document, unknown: mark })),
    send(
      '/v1/render/jobs',
      JSON.stringify({ ...document, movie: { ...film([40]), overlays: [{ type: mark }] } }),
    ),
    send('/v1/render/jobs', JSON.stringify({ ...document, projectId: mark })),
    send('/v1/render/jobs', JSON.stringify(document), { 'x-api-key': `${mark}-key` }),
    send(`/v1/${mark}?signature=${mark}`, '{}'),
  ];
  for (const answer of await Promise.all(refused)) expect(answer.status).toBeGreaterThanOrEqual(400);
}

async function render(movie: object): Promise<JobView> {
  const body = JSON.stringify({ kind: 'movie', projectId: 'default', movie });
  const { jobId } = (await (await send('/v1/render/jobs', body)).json()) as { jobId: string };
  const ended = async (): Promise<JobView | false> => {
    const response = await fetch(new URL(`/v1/jobs/${jobId}`, stack.apiUrl), {
      headers: { 'x-api-key': stack.apiKey },
    });
    const view = (await response.json()) as JobView;
    return ['done', 'failed', 'cancelled'].includes(view.status) ? view : false;
  };
  return vi.waitUntil(ended, { timeout: 60_000, interval: 100 });
}

type Line = Readonly<Record<string, unknown>>;

async function logLines(name: string): Promise<readonly Line[]> {
  const text = await readFile(join(stack.home, 'logs', `${name}.log`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

describe('the logs', () => {
  it('have no secret and no word of a document, whatever happened', async () => {
    const names = await readdir(join(stack.home, 'logs'));
    expect(names).toEqual(expect.arrayContaining(['api.log', 'worker-1.log']));
    for (const name of names) {
      const text = await readFile(join(stack.home, 'logs', name), 'utf8');
      for (const word of [mark, stack.apiKey]) {
        const line = text.split('\n').find((candidate) => candidate.includes(word));
        expect(line, `${name} has ${word}`).toBeUndefined();
      }
    }
  });

  it('tell of a job, its scenes and attempts by their ids, in the API and in the worker', async () => {
    const activities = (await logLines('worker-1')).filter(
      ({ msg, jobId }) => msg === 'activity' && jobId === done.jobId,
    );
    const told = activities.map(({ activity }) => activity);
    for (const name of ['compilePlan', 'renderScene', 'assembleFilm', 'finalizeFilm'])
      expect(told).toContain(name);
    const scene = activities.find(({ activity, scene: index }) => activity === 'renderScene' && index === 1);
    expect(scene).toMatchObject({ level: 30, attempt: 1, outcome: 'completed' });
    expect(scene).toHaveProperty('activityId');
    expect(scene).toHaveProperty('waitMs');
    const requests = (await logLines('api')).filter(
      ({ msg, jobId }) => msg === 'request' && jobId === done.jobId,
    );
    expect(requests.length).toBeGreaterThan(0);
  });

  it('tell why a scene failed by its code and place, and how the job ended', async () => {
    const lines = (await logLines('worker-1')).filter(({ jobId }) => jobId === failed.jobId);
    expect(lines.find(({ activity }) => activity === 'renderScene')).toMatchObject({
      level: 40,
      scene: 0,
      outcome: 'failed',
      code: 'SCENE_RENDER_FAILED',
      err: { code: 'SCENE_RENDER_FAILED' },
    });
    expect(lines.find(({ msg }) => msg === 'job')).toMatchObject({
      outcome: 'failed',
      code: 'SCENE_RENDER_FAILED',
    });
  });
});

describe('/metrics', () => {
  let api: readonly Sample[] = [];
  let worker: readonly Sample[] = [];
  const scrape = async (port: unknown): Promise<readonly Sample[]> => {
    const response = await fetch(`http://127.0.0.1:${String(port)}/metrics`);
    expect(response.status).toBe(200);
    return readMetrics(await response.text());
  };
  beforeAll(async () => {
    const [place] = (await logLines('worker-1')).filter(({ msg }) => msg === 'health and metrics');
    worker = await scrape(place?.port);
    api = await scrape(metricsPort);
  });

  it('counts what the jobs did', () => {
    expect(total(worker, 'scenemill_job_seconds_count', { outcome: 'done' })).toBe(2);
    expect(total(worker, 'scenemill_job_failures_total', { code: 'SCENE_RENDER_FAILED' })).toBe(1);
    expect(total(worker, 'scenemill_scene_seconds_count', { outcome: 'rendered' })).toBe(2);
    expect(total(worker, 'scenemill_scene_seconds_count', { outcome: 'failed' })).toBe(1);
    expect(total(worker, 'scenemill_scene_cache_lookups_total', { result: 'hit' })).toBe(2);
    expect(total(worker, 'scenemill_scene_cache_lookups_total', { result: 'miss' })).toBe(3);
    expect(total(worker, 'scenemill_ffmpeg_cpu_seconds_total')).toBeGreaterThan(0);
    expect(total(worker, 'scenemill_ffmpeg_media_seconds_total')).toBeGreaterThan(1);
    expect(total(worker, 'scenemill_activities_running')).toBe(0);
    expect(total(worker, 'scenemill_scratch_free_bytes')).toBeGreaterThan(0);
    expect(
      total(worker, 'scenemill_store_call_seconds_count', { operation: 'put_file', outcome: 'ok' }),
    ).toBeGreaterThan(2);
    expect(total(worker, 'scenemill_queue_wait_seconds_count', { queue: 'render-media' })).toBeGreaterThan(2);
    const submits = { method: 'POST', route: '/v1/render/jobs' };
    expect(total(api, 'scenemill_http_requests_total', { ...submits, status: '202' })).toBe(3);
    expect(total(api, 'scenemill_http_requests_total', { ...submits, status: '400' })).toBeGreaterThan(1);
    expect(total(api, 'scenemill_jobs')).toBe(0);
    expect(api.filter(({ name }) => name === 'scenemill_jobs')).toHaveLength(3);
  });

  it('has no id and no word of a user in its labels', () => {
    const texts = [...api, ...worker].flatMap(({ labels }) => Object.values(labels));
    for (const word of [mark, done.jobId, failed.jobId, 'user_', stack.apiKey])
      expect(texts.filter((text) => text.includes(word))).toEqual([]);
  });

  it('answers everything that the dashboard and the alerts ask for', () => {
    // Prometheus itself adds the first two.
    const known = new Map<string, Set<string>>();
    for (const { name, labels } of [...api, ...worker])
      known.set(name, new Set(['instance', 'job', ...(known.get(name) ?? []), ...Object.keys(labels)]));
    for (const query of [...dashboardQueries(), ...alertQueries()]) {
      const { selectors, grouped } = parseQuery(query);
      expect(selectors.length).toBeGreaterThan(0);
      for (const { name, labels } of selectors) {
        expect([...known.keys()], query).toContain(name);
        for (const label of [...labels, ...grouped])
          expect([...(known.get(name) ?? [])], query).toContain(label);
      }
    }
  });

  it('is told at the address of the API only to who asks on the machine itself', async () => {
    const metrics = new URL('/metrics', stack.apiUrl);
    expect((await fetch(metrics)).status).toBe(200);
    expect((await fetch(metrics, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404);
  });
});

describe('the trace of a job', () => {
  let spans: readonly ReceivedSpan[] = [];
  beforeAll(async () => {
    const ofJob = (): readonly ReceivedSpan[] | false => {
      const workflow = receiver.spans.find(
        ({ name, attributes }) => name === 'renderMovie' && attributes['scenemill.job'] === done.jobId,
      );
      const found = receiver.spans.filter(({ traceId }) => traceId === workflow?.traceId);
      return found.some(({ name }) => name === 'POST /v1/render/jobs') && found;
    };
    spans = await vi.waitUntil(ofJob, { timeout: 10_000 });
  });
  const named = (name: string): readonly ReceivedSpan[] => spans.filter((span) => span.name === name);
  const one = (name: string): ReceivedSpan => {
    const [span] = named(name);
    if (span === undefined)
      throw new Error(`no span ${name} among ${spans.map((other) => other.name).join(', ')}`);
    return span;
  };

  it('begins with the request, and goes by the workflow and its activities to FFmpeg', () => {
    const request = one('POST /v1/render/jobs');
    expect([request.parentSpanId, request.service]).toEqual([null, 'scenemill-api']);
    expect(one('start renderMovie').parentSpanId).toBe(request.spanId);
    const workflow = one('renderMovie');
    expect(workflow.parentSpanId).toBe(one('start renderMovie').spanId);
    for (const name of ['compilePlan', 'renderScene', 'assembleFilm', 'finalizeFilm'])
      for (const span of named(name)) expect(span.parentSpanId).toBe(workflow.spanId);
    const scenes = named('renderScene');
    expect(scenes.map(({ attributes }) => attributes['scenemill.scene']).sort()).toEqual(['0', '1']);
    for (const { spanId, attributes } of scenes) {
      const runs = named('ffmpeg').filter(({ parentSpanId }) => parentSpanId === spanId);
      expect(runs.length).toBeGreaterThan(0);
      for (const run of runs) {
        expect(run.attributes).toMatchObject({
          'scenemill.job': done.jobId,
          'scenemill.scene': attributes['scenemill.scene'],
        });
        expect(run.seconds).toBeGreaterThan(0);
      }
    }
  });

  it('has no loose ends: every span but the first has its parent in it', () => {
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(spans.filter(({ parentSpanId }) => parentSpanId === null)).toHaveLength(1);
    for (const { parentSpanId } of spans) if (parentSpanId !== null) expect(ids).toContain(parentSpanId);
  });

  it('goes to the collector with its headers, and says nothing of the document', () => {
    expect(receiver.headers[0]?.['x-collector-key']).toBe(`${mark}-collector`);
    expect(JSON.stringify(receiver.spans)).not.toContain(mark);
  });

  it('of a failed job says which span failed', async () => {
    const failedScene = (): ReceivedSpan | undefined =>
      receiver.spans.find(
        ({ name, attributes }) => name === 'renderScene' && attributes['scenemill.job'] === failed.jobId,
      );
    expect((await vi.waitUntil(failedScene, { timeout: 10_000 })).isError).toBe(true);
  });
});
