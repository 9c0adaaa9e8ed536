// Films rendered by the stack under test, over HTTP, as a caller does it.
import { basename, join } from 'node:path';
import { ApiClient } from '../cli/api-client.ts';
import { downloadResult } from '../cli/download-result.ts';
import { followJob } from '../cli/follow-job.ts';
import type { JobEvent } from '../contract/answers.ts';
import type { MovieInput } from '../contract/movie.ts';
import { isFinal } from '../contract/names.ts';
import type { RenderOptions } from '../contract/submission.ts';
import type { Stack } from '../tools/stack.ts';

/** Many times the longest job here; without it a lost job would hold the bench for ever. */
const jobMsMax = 3 * 60 * 60_000;

/** A project of its own, so that no clip of another round is found in the cache. */
export class BenchProject<Name extends string = string> {
  readonly client: ApiClient;
  readonly projectId: string;
  /** The documents' references of the files given, by their names. */
  readonly assets: Readonly<Record<Name, string>>;

  private constructor(client: ApiClient, projectId: string, assets: Readonly<Record<Name, string>>) {
    this.client = client;
    this.projectId = projectId;
    this.assets = assets;
  }

  /** With files uploaded to it. */
  static async create<Name extends string>(
    stack: Pick<Stack, 'apiUrl' | 'apiKey'>,
    files: Readonly<Record<Name, string>>,
  ): Promise<BenchProject<Name>> {
    const response = await fetch(new URL('/v1/projects', stack.apiUrl), {
      method: 'POST',
      headers: { 'x-api-key': stack.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'bench' }),
    });
    // The answer's schema is `Project`.
    const { projectId } = (await response.json()) as { projectId: string };
    const client = new ApiClient(stack);
    const uploads = Object.entries<string>(files).map(async ([name, file]) => {
      const { assetId } = await client.uploadAsset({ projectId, name: basename(file), file });
      return [name, `asset:${assetId}`] as const;
    });
    // Every name of the files has its reference.
    const assets = Object.fromEntries(await Promise.all(uploads)) as Record<Name, string>;
    return new BenchProject(client, projectId, assets);
  }

  /** From the submission to the event that says the film is verified and stored. */
  async render(movie: MovieInput, renderOptions: Partial<RenderOptions> = {}): Promise<JobEvent> {
    const document = { kind: 'movie', projectId: this.projectId, movie, renderOptions };
    const { jobId } = await this.client.submit(document);
    const signal = AbortSignal.timeout(jobMsMax);
    for await (const event of followJob(this.client, { jobId, signal })) {
      if (event.status === 'done') return event;
      if (isFinal(event.status)) throw new Error(`${jobId}: ${event.error ?? event.status}`);
    }
    throw new Error(`${jobId} did not end in time.`);
  }

  async download({ jobId }: JobEvent, folder: string): Promise<string> {
    const path = join(folder, `${jobId}.mp4`);
    await downloadResult(this.client, await this.client.getJob(jobId), {
      file: path,
      signal: new AbortController().signal,
    });
    return path;
  }
}
