// Renders films over HTTP, as a caller does, and gives the files back to be looked into.
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inject } from 'vitest';
import type { Asset } from '../../contract/asset.ts';
import type { JobView } from '../../contract/job.ts';
import type { MovieInput } from '../../contract/movie.ts';
import type { RenderSubmissionInput } from '../../contract/submission.ts';

export type Answer<Body> = { readonly status: number; readonly body: Body; readonly headers: Headers };

/** One request with the stack's own key; the body is sent as JSON. */
export async function call<Body = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Body>> {
  const { apiUrl, apiKey } = inject('stack');
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(new URL(path, apiUrl), {
    method,
    headers: { 'x-api-key': apiKey, ...json, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text === '' ? null : JSON.parse(text)) as Body,
    headers: response.headers,
  };
}

/** Uploads bytes and waits until they are ready. */
export async function upload(
  name: string,
  bytes: Buffer,
  projectId = inject('stack').projectId,
): Promise<Asset> {
  const { apiUrl, apiKey } = inject('stack');
  const url = new URL(`/v1/assets?${new URLSearchParams({ projectId, name }).toString()}`, apiUrl);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/octet-stream' },
    body: bytes,
  });
  const asset = (await response.json()) as Asset;
  if (!response.ok) throw new Error(`${name} was not taken: ${JSON.stringify(asset)}`);
  return asset;
}

export async function submit(
  movie: MovieInput,
  options: Partial<RenderSubmissionInput> = {},
): Promise<string> {
  const answer = await call<{ jobId: string }>('POST', '/v1/render/jobs', {
    kind: 'movie',
    projectId: inject('stack').projectId,
    movie,
    ...options,
  });
  if (answer.status !== 202 && answer.status !== 200)
    throw new Error(`not accepted: ${JSON.stringify(answer.body)}`);
  return answer.body.jobId;
}

export async function job(jobId: string): Promise<JobView> {
  return (await call<JobView>('GET', `/v1/jobs/${jobId}`)).body;
}

const pollMs = 100;

/** The job once the condition holds; fails loudly when it ends without. */
export async function untilJob(jobId: string, condition: (view: JobView) => boolean): Promise<JobView> {
  for (;;) {
    const view = await job(jobId);
    if (condition(view)) return view;
    if (view.status === 'done' || view.status === 'failed' || view.status === 'cancelled') {
      throw new Error(
        `${jobId} ended: ${view.status} ${view.error ?? ''} ${view.errorDetail?.stderrTail ?? ''}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

export type Film = { readonly path: string; readonly job: JobView };

/** Renders to the end and downloads the film. */
export async function renderFilm(
  movie: MovieInput,
  folder: string,
  options: Partial<RenderSubmissionInput> = {},
): Promise<Film> {
  const jobId = await submit(movie, options);
  const done = await untilJob(jobId, (view) => view.status === 'done');
  if (done.outputUrl === null) throw new Error(`${jobId} is done without an output.`);
  const path = join(folder, `${jobId}.mp4`);
  await download(done.outputUrl, path);
  return { path, job: done };
}

export async function download(url: string, path: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
}
