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

/** What a caller knows of a stack. */
export type Site = { readonly apiUrl: string; readonly apiKey: string; readonly projectId: string };

export type Film = { readonly path: string; readonly job: JobView };

const pollMs = 100;

export class FilmClient {
  readonly #site: () => Site;

  constructor(site: () => Site) {
    this.#site = site;
  }

  /** One request with the site's own key; the body is sent as JSON. */
  readonly call = async <Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> => {
    const { apiUrl, apiKey } = this.#site();
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
  };

  /** Uploads bytes and waits until they are ready. */
  readonly upload = async (
    name: string,
    bytes: Buffer,
    projectId = this.#site().projectId,
  ): Promise<Asset> => {
    const { apiUrl, apiKey } = this.#site();
    const url = new URL(`/v1/assets?${new URLSearchParams({ projectId, name }).toString()}`, apiUrl);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    const asset = (await response.json()) as Asset;
    if (!response.ok) throw new Error(`${name} was not taken: ${JSON.stringify(asset)}`);
    return asset;
  };

  readonly submit = async (
    movie: MovieInput,
    options: Partial<RenderSubmissionInput> = {},
  ): Promise<string> => {
    const answer = await this.call<{ jobId: string }>('POST', '/v1/render/jobs', {
      kind: 'movie',
      projectId: this.#site().projectId,
      movie,
      ...options,
    });
    if (answer.status !== 202 && answer.status !== 200)
      throw new Error(`not accepted: ${JSON.stringify(answer.body)}`);
    return answer.body.jobId;
  };

  readonly job = async (jobId: string): Promise<JobView> =>
    (await this.call<JobView>('GET', `/v1/jobs/${jobId}`)).body;

  /** The job once the condition holds; fails loudly when it ends without. */
  readonly untilJob = async (jobId: string, condition: (view: JobView) => boolean): Promise<JobView> => {
    for (;;) {
      const view = await this.job(jobId);
      if (condition(view)) return view;
      if (view.status === 'done' || view.status === 'failed' || view.status === 'cancelled') {
        throw new Error(
          `${jobId} ended: ${view.status} ${view.error ?? ''} ${view.errorDetail?.stderrTail ?? ''}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  };

  /** Renders to the end and downloads the film. */
  readonly renderFilm = async (
    movie: MovieInput,
    folder: string,
    options: Partial<RenderSubmissionInput> = {},
  ): Promise<Film> => {
    const jobId = await this.submit(movie, options);
    const done = await this.untilJob(jobId, (view) => view.status === 'done');
    if (done.outputUrl === null) throw new Error(`${jobId} is done without an output.`);
    const path = join(folder, `${jobId}.mp4`);
    await download(done.outputUrl, path);
    return { path, job: done };
  };
}

export async function download(url: string, path: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
}

/** On the stack that the end-to-end tests of a run share. */
export const { call, upload, submit, job, untilJob, renderFilm } = new FilmClient(() => inject('stack'));
