// Films rendered by the stack under test, over HTTP, as a caller does it.
import { basename, join } from 'node:path';
import { ApiClient } from '../cli/api-client.ts';
import { downloadResult } from '../cli/download-result.ts';
import type { JobView } from '../contract/job.ts';
import type { MovieInput } from '../contract/movie.ts';
import type { Stack } from '../tools/stack.ts';
import type { BenchAssets } from './films.ts';
import type { BenchMedia } from './media.ts';

const pollMs = 50;

/** A project of its own, so that no clip of another round is found in the cache. */
export class BenchProject {
  private readonly client: ApiClient;
  private readonly projectId: string;
  readonly assets: BenchAssets;

  private constructor(client: ApiClient, projectId: string, assets: BenchAssets) {
    this.client = client;
    this.projectId = projectId;
    this.assets = assets;
  }

  static async create(stack: Stack, media: BenchMedia): Promise<BenchProject> {
    const client = new ApiClient({ apiUrl: stack.apiUrl, apiKey: stack.apiKey });
    const response = await fetch(new URL('/v1/projects', stack.apiUrl), {
      method: 'POST',
      headers: { 'x-api-key': stack.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'bench' }),
    });
    // The answer's schema is `Project`.
    const { projectId } = (await response.json()) as { projectId: string };
    const uploads = Object.entries(media).map(async ([name, file]) => {
      const asset = await client.uploadAsset({ projectId, name: basename(file), file });
      return [name, `asset:${asset.assetId}`] as const;
    });
    return new BenchProject(client, projectId, Object.fromEntries(await Promise.all(uploads)) as BenchAssets);
  }

  /** From the submission to the verified, stored film. */
  async render(movie: MovieInput): Promise<JobView> {
    const { jobId } = await this.client.submit({ kind: 'movie', projectId: this.projectId, movie });
    for (;;) {
      const job = await this.client.getJob(jobId);
      if (job.status === 'done') return job;
      if (job.status === 'failed' || job.status === 'cancelled') throw new Error(job.error ?? job.status);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  async download(job: JobView, folder: string): Promise<string> {
    const path = join(folder, `${job.jobId}.mp4`);
    await downloadResult(this.client, job, path);
    return path;
  }
}
