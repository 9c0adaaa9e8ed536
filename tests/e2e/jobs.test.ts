// A job's life over HTTP: progress, cancel, retry, delete, failure; nothing left behind.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { JobView } from '../../contract/job.ts';
import type { MovieInput } from '../../contract/movie.ts';
import { call, download, job, renderFilm, submit, untilJob, upload } from '../support/film-client.ts';
import { ffmpeg } from '../support/frame-counter.ts';

let folder = '';
let noise = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-jobs-'));
  const bytes = await ffmpeg([
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=1280x720:r=30:d=4',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-movflags',
    'frag_keyframe+empty_moov',
    '-f',
    'mp4',
    'pipe:1',
  ]);
  noise = `asset:${(await upload('noise.mp4', bytes)).assetId}`;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function quick(salt: string): MovieInput {
  const scenes = Array.from({ length: 3 }, (_, index) => ({
    id: `q${index}`,
    duration: 0.5,
    layers: [{ type: 'text' as const, text: `${salt} ${index}`, fontSize: 10 }],
  }));
  return { width: 64, height: 36, scenes };
}

/** Many seconds of work, so that a test can act while it runs. */
function slow(salt: string): MovieInput {
  const scenes = Array.from({ length: 4 }, (_, index) => ({
    id: `slow${index}`,
    duration: 30,
    layers: [
      { type: 'video' as const, src: noise, loop: true, duration: 'fill' as const, rotation: 3 },
      { type: 'text' as const, text: `${salt} ${index}`, fontSize: 40 },
    ],
  }));
  return { width: 1280, height: 720, scenes };
}

/** Our FFmpeg processes: those that write below the stack's scratch folder. */
async function encoders(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args'], { maxBuffer: 16 * 1024 * 1024 });
  return stdout
    .split('\n')
    .filter((line) => line.includes(inject('stack').scratchDir) && /ffmpeg/.test(line));
}

async function scratchEntries(): Promise<string[]> {
  const names = await readdir(inject('stack').scratchDir, { recursive: true });
  return names.filter((name) => /scene_|assemble_|probe_/.test(name));
}

describe('a finished job', () => {
  it('shows its media, plan, artifacts and scenes', async () => {
    const { job: done } = await renderFilm(quick('finished'), folder);
    expect(done).toMatchObject({ type: 'render', status: 'done', phase: null, progress: 1, error: null });
    expect(done.mediaData).toMatchObject({
      duration: 1.5,
      width: 64,
      height: 36,
      fps: 30,
      videoCodec: 'h264',
      audioCodec: 'aac',
    });
    const scenes = await call<{ jobs: JobView[] }>('GET', `/v1/jobs?parentJobId=${done.jobId}`);
    expect(scenes.body.jobs.map((scene) => [scene.type, scene.status])).toEqual(
      Array.from({ length: 3 }, () => ['render.scene', 'done']),
    );
    const plan = await call<{ totalFrames: number }>('GET', `/v1/jobs/${done.jobId}/plan`);
    expect(plan.body.totalFrames).toBe(45);
    const artifacts = await call('GET', `/v1/jobs/${done.jobId}/artifacts`);
    const links = JSON.stringify(artifacts.body).match(/http[^"]+/g) ?? [];
    expect(links.length).toBeGreaterThanOrEqual(3);
    for (const [index, link] of links.entries()) await download(link, join(folder, `artifact${index}`));
    const usage = await call<Record<string, number>>('GET', '/v1/usage');
    expect(JSON.stringify(usage.body)).toMatch(/\d/);
  });

  it('is removed with all its objects, once', async () => {
    const { job: done } = await renderFilm(quick('removed'), folder);
    const link = done.outputUrl ?? '';
    expect((await call('DELETE', `/v1/jobs/${done.jobId}`)).status).toBeLessThan(300);
    expect((await call('GET', `/v1/jobs/${done.jobId}`)).status).toBe(404);
    expect((await fetch(link)).status).toBe(404);
  });

  it('leaves no scratch behind', async () => {
    await renderFilm(quick('scratch'), folder);
    await vi.waitUntil(async () => (await scratchEntries()).length === 0, { timeout: 5_000 });
  });

  it('can be followed by server-sent events to its end', async () => {
    const jobId = await submit(quick('events'));
    const { apiUrl, apiKey } = inject('stack');
    const response = await fetch(new URL(`/v1/jobs/${jobId}/progress`, apiUrl), {
      headers: { 'x-api-key': apiKey },
    });
    const text = await response.text();
    const states = [...text.matchAll(/^data: (.*)$/gm)].map(
      (match) => JSON.parse(match[1] ?? '{}') as JobView,
    );
    expect(states.at(-1)).toMatchObject({ status: 'done', progress: 1 });
    const progress = states.map((state) => state.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });
});

describe('a running job', () => {
  it('is cancelled within seconds, with no encoder and no scratch left, and can be retried', async () => {
    const jobId = await submit(slow('cancel'));
    await untilJob(jobId, (view) => view.phase === 'rendering' && view.progress > 0.06);
    expect((await encoders()).length).toBeGreaterThan(0);
    const begun = Date.now();
    expect((await call('POST', `/v1/jobs/${jobId}/cancel`)).status).toBeLessThan(300);
    await vi.waitUntil(async () => (await job(jobId)).status === 'cancelled', { timeout: 15_000 });
    await vi.waitUntil(async () => (await encoders()).length === 0, { timeout: 10_000 });
    expect(Date.now() - begun).toBeLessThan(15_000);
    await vi.waitUntil(async () => (await scratchEntries()).length === 0, { timeout: 5_000 });
    expect((await call('POST', `/v1/jobs/${jobId}/cancel`)).status).toBe(409);
    const retried = await call<{ jobId: string }>('POST', `/v1/jobs/${jobId}/retry`);
    expect(retried.body.jobId).not.toBe(jobId);
    expect((await call('DELETE', `/v1/jobs/${retried.body.jobId}`)).status).toBe(409);
    await call('POST', `/v1/jobs/${retried.body.jobId}/cancel`);
    await vi.waitUntil(async () => (await job(retried.body.jobId)).status === 'cancelled', {
      timeout: 20_000,
    });
  });

  it('is returned for an equal submission, and for the same idempotency key', async () => {
    const document = slow('equal');
    const first = await submit(document);
    expect(await submit(document)).toBe(first);
    await call('POST', `/v1/jobs/${first}/cancel`);
    await vi.waitUntil(async () => (await job(first)).status === 'cancelled', { timeout: 20_000 });
    const body = { kind: 'movie', projectId: inject('stack').projectId, movie: quick('key') };
    const key = { 'idempotency-key': 'one-key' };
    const one = await call<{ jobId: string }>('POST', '/v1/render/jobs', body, key);
    const two = await call<{ jobId: string }>('POST', '/v1/render/jobs', body, key);
    expect(two.body.jobId).toBe(one.body.jobId);
    const other = await call('POST', '/v1/render/jobs', { ...body, movie: quick('other') }, key);
    expect(other.status).toBe(409);
  });
});

describe('a document with faults', () => {
  it('is refused with every fault by its path', async () => {
    const answer = await call<{ code: string; details: { path: string }[] }>('POST', '/v1/render/jobs', {
      kind: 'movie',
      projectId: inject('stack').projectId,
      movie: {
        scenes: [
          { id: 'a', layers: [{ type: 'text', content: 'x' }] },
          {
            id: 'a',
            duration: 1,
            layers: [{ type: 'video', src: 'asset:nowhere' }],
            transition: { type: 'fade' },
          },
        ],
      },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('VALIDATION_ERROR');
    const paths = answer.body.details.map((detail) => detail.path).join(' ');
    expect(paths).toContain('movie.scenes[0].layers[0]');
    expect(paths).toContain('movie.scenes[1].transition');
  });

  it('is refused when an asset is unknown', async () => {
    const answer = await call<{ details: { path: string; message: string }[] }>('POST', '/v1/render/jobs', {
      kind: 'movie',
      projectId: inject('stack').projectId,
      movie: {
        width: 64,
        height: 36,
        scenes: [{ id: 'a', duration: 1, layers: [{ type: 'video', src: 'asset:nowhere' }] }],
      },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.details[0]?.path).toBe('movie.scenes[0].layers[0].src');
  });
});
